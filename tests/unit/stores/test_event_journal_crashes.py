"""A process may be killed at any line: whatever lies on disk there, a journal is opened from it.

Files are written unbuffered, so what lies on disk while a line begins is what SIGKILL would leave.
"""

import sys

import pytest

from tests.unit.stores.journal_day import (
    DAY_S,
    KEEP_S,
    NOON,
    appended,
    cut_and_kept,
    names,
    opened,
    replayed,
    segment,
    written,
)
from tests.unit.stores.journal_shop import JournalShop, known_to
from winnow.stores import event_journal
from winnow.stores.settled_marks import SettledMarks


class Watched:
    """Every different state of a folder while lines of the journal and its user run, and what was said of each last."""

    def __init__(self, folder, said):
        self.folder, self.said, self.states = folder, said, {}

    def __enter__(self):
        sys.settrace(self.trace)
        return self.states

    def __exit__(self, *_):
        sys.settrace(None)

    def trace(self, frame, event, _):
        if "/stores/" not in frame.f_code.co_filename:
            return None
        found = {path.relative_to(self.folder): path for path in self.folder.rglob("*")}
        state = frozenset((name, None if path.is_dir() else path.read_bytes()) for name, path in found.items())
        self.states[state] = self.said()
        return self.trace


def restored(folder, state):
    folder.mkdir()
    for name, content in sorted(state):
        if content is None:
            (folder / name).mkdir()
        else:
            (folder / name).write_bytes(content)
    return folder


@pytest.fixture(autouse=True)
def _small_segments(monkeypatch):
    monkeypatch.setattr(event_journal, "SEGMENT_BYTES", 300)


@pytest.mark.parametrize("as_folder", [False, True])
def test_killed_at_any_line_all_that_was_acknowledged_is_there_once(tmp_path, as_folder):
    folder = tmp_path / "watched"
    folder.mkdir()
    SettledMarks(journal=folder).keep("log", 99)
    shop = JournalShop(None)
    with Watched(folder, lambda: len(shop.known)) as states:
        shop.journal = JournalShop.open(folder).journal
        for count in (1, 3, 0, 2, 4, 1):
            shop.append(count)
            if count in {2, 4}:
                shop.snapshot(as_folder=as_folder)
        shop.journal.close()
    assert len(states) >= 18
    for number, (state, acknowledged) in enumerate(states.items()):
        known = known_to(restored(tmp_path / str(number), state))
        assert known == list(range(len(known)))
        assert len(known) >= acknowledged, sorted(state)
        assert len(known) - acknowledged <= 4


def test_killed_at_any_line_while_old_segments_go_there_is_never_a_gap(tmp_path):
    folder = tmp_path / "watched"
    written(folder, *(appended(str(day), at=NOON + day * DAY_S) for day in range(9)))
    now = NOON + KEEP_S + 5 * DAY_S
    with Watched(folder, lambda: None) as states, opened(folder, now) as (journal, _):
        journal.append(appended("new", at=now))
    assert names(folder)[0] > segment(1)
    young = [appended(str(day), at=NOON + day * DAY_S) for day in range(6, 9)]
    for number, state in enumerate(states):
        assert replayed(restored(tmp_path / str(number), state), now) in (young, [*young, appended("new", at=now)])


def test_killed_at_any_line_of_a_start_the_next_start_finds_the_same(tmp_path):
    folder = tmp_path / "watched"
    with opened(folder) as (journal, _):
        for number in range(9):
            journal.append(appended(str(number)))
            if number == 4:
                cut_and_kept(journal)
    wanted = replayed(folder)
    last = folder / names(folder)[-2]
    last.write_bytes(last.read_bytes() + b"torn")
    (folder / "snapshot-000001").mkdir()
    (folder / "snapshot-000009.new").mkdir()
    (folder / segment(1)).write_bytes(b"")
    with Watched(folder, lambda: None) as states:
        assert replayed(folder) == wanted
    assert len(states) >= 4
    for number, state in enumerate(states):
        assert replayed(restored(tmp_path / str(number), state)) == wanted
