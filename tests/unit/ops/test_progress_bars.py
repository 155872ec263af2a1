"""What people see while they wait."""

import io
import re

from rich.console import Console

from winnow.ops.progress_bars import progress_bars


def drawn(*tellings) -> list[str]:
    """The bars after tellings of (seconds since the start, what, done, total), as lines without their colours."""
    now = [0.0]
    text = io.StringIO()
    console = Console(file=text, force_terminal=True, width=100, get_time=lambda: now[0])
    with progress_bars(console) as progress:
        for seconds, what, done, total in tellings:
            now[0] = seconds
            progress(what, done, total)
        text.truncate(0)
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", text.getvalue()).replace("\r", "\n").split("\n")


def test_the_time_left_is_there_after_the_first_step():
    [line] = [line for line in drawn((0, "Exporting", 0, 4), (2, "Exporting", 1, 4)) if "Exporting" in line]
    assert re.search(r"1/4 +0:00:02 +left 0:00:06", line)


def test_each_kind_of_work_has_its_bar():
    tellings = [(0, "Reading", 0, 2), (1, "Reading", 2, 2), (1, "Training", 0, 10), (11, "Training", 5, 10)]
    lines = [line for line in drawn(*tellings) if "left" in line]
    assert [line.split()[0] for line in lines] == ["Reading", "Training"]
    assert "left 0:00:00" in lines[0]
    assert "left 0:00:10" in lines[1]
