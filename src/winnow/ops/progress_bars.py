"""Progress bars with the time left, for people who wait."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.progress import (
    Progress as Bars,
)

from winnow.training.progress import Progress


@contextmanager
def progress_bars(console: Console) -> Iterator[Progress]:
    """A Progress that draws one bar for each kind of work while the block runs."""
    columns = (
        TextColumn("{task.description:<22}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    with Bars(*columns, console=console) as bars:
        tasks: dict[str, TaskID] = {}

        def progress(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = bars.add_task(what, total=total)
                bars.advance(tasks[what], 0)  # a first reading, without which the first step would tell no speed
            bars.update(tasks[what], completed=done, total=total)

        yield progress
