"""What becomes of the segments of a journal that a snapshot stands for."""

from pathlib import Path

import orjson

from winnow.stores.journal_folder import JournalFolder
from winnow.stores.journal_line import content_of
from winnow.stores.scrub_journal import scrub_journal
from winnow.stores.settled_marks import SettledMarks
from winnow.stores.synced_folder import sync_folder

SCRUBBED = "events.scrubbed"
"""Holds the number of the last segment of which it was heard who is forgotten."""


def tidy_journal(folder: JournalFolder, snapshot: int, before: float) -> None:
    """Removes segments that every reader has elsewhere, or that are too old; of the others, what was forgotten.

    Args:
        folder: of the journal.
        snapshot: number of the last segment that a snapshot stands for; later ones are left alone.
        before: a segment that ended before this instant is too old, UTC seconds.

    Raises:
        OSError: a file cannot be read or written; the next call goes on from there.
    """
    needed = SettledMarks(journal=folder.path).first_needed()
    # From the first on, so that there is no gap.
    for number in [each for each in folder.all_segments() if each <= snapshot]:
        if number >= needed and not _ended_before(folder.segment(number + 1), before):
            break
        if not folder.drop(number):
            break
    mark = folder.path / SCRUBBED
    scrubbed = _number_in(mark)
    if scrubbed < snapshot:
        scrub_journal(folder, scrubbed, snapshot)
        _keep_number(mark, snapshot)


def _ended_before(following: Path, before: float) -> bool:
    """Whether the segment after it was begun that early."""
    try:
        with following.open("rb") as file:
            content = content_of(file.readline())
    except FileNotFoundError:
        return False
    return content is not None and orjson.loads(content)[1] <= before


def _number_in(path: Path) -> int:
    """0, that is nothing, where it is lost: all is looked through again."""
    try:
        return int(path.read_bytes())
    except (FileNotFoundError, ValueError):
        return 0


def _keep_number(path: Path, number: int) -> None:
    unfinished = path.with_name(f"{path.name}.new")
    unfinished.write_bytes(b"%d" % number)
    sync_folder(unfinished)
    unfinished.replace(path)
