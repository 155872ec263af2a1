"""The journal of an embedded store, for the one who writes it to Parquet."""

import logging
import os
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

import orjson

from winnow.schema.errors import DataError, RequestError, Unavailable
from winnow.stores.journal_folder import SEGMENT
from winnow.stores.journal_line import content_of, operation_of
from winnow.stores.log_entry import FORGET, MERGE, RESET, LogEntry
from winnow.stores.settled_marks import SettledMarks
from winnow.stores.state_operation import (
    EventsAppended,
    NamesMerged,
    PastClosed,
    StateOperation,
    UserForgotten,
    UserReset,
)
from winnow.stores.synced_folder import sync_folder

logger = logging.getLogger(__name__)

STREAM = "journal"
ENTRIES_AT_ONCE = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class _Position:
    """Behind the last line that was read: the number of its segment, from 1, bytes until there, and what it was."""

    segment: int = 0
    offset: int = 0
    line_bytes: int = 0
    line_crc: int = 0


@dataclass(slots=True, kw_only=True)
class JournalLog:
    """An EventSource over the segments of a journal, which a service may be writing; it takes no lock.

    A whole line was acknowledged, or will be; the beginning of one at the end waits. How far the log was settled stands
    in a file that is written after the entries are safe; where that is lost, all comes again. Then the journal is told,
    which may remove what nobody needs.

    Attributes:
        journal: folder of the journal (WINNOW_STATE).
        settled: path of that file.
        reader: names what the entries are written to; no two of them are the same.
    """

    journal: Path
    settled: Path
    reader: str
    _next: _Position | None = field(default=None, init=False)
    _told: int | None = field(default=None, init=False)

    def read(self) -> Sequence[LogEntry]:
        """As in EventSource. The journal deletes segments after 30 days, read or not.

        Raises:
            Unavailable: a file cannot be read now.
            DataError: a line is damaged, or of a newer program.
        """
        try:
            if self._next is None:
                self._next = _checked(self.journal, _position_in(self.settled))
                # Before it has read anything: what it needs must not go.
                self._tell_settled(self._next)
            entries: list[LogEntry] = []
            for position, operation in _operations(self.journal, self._next):
                entries += _entries(position, operation)
                self._next = position
                if len(entries) >= ENTRIES_AT_ONCE:
                    break
        except OSError as error:
            raise Unavailable(f"The journal in {self.journal} cannot be read: {error.strerror}.") from error
        return entries

    def settle(self, entries: Sequence[LogEntry]) -> None:
        del entries  # the position says it
        if self._next is None:
            return
        temporary = self.settled.with_name(f".{self.settled.name}.tmp")
        try:
            temporary.write_bytes(orjson.dumps(asdict(self._next)))
            sync_folder(temporary)
            temporary.replace(self.settled)
            sync_folder(self.settled.parent)
        except OSError as error:
            raise Unavailable(f"{self.settled} cannot be written: {error.strerror}.") from error
        self._tell_settled(self._next)

    def _tell_settled(self, position: _Position) -> None:
        if position.segment != self._told:
            SettledMarks(journal=self.journal).keep(self.reader, position.segment)
            self._told = position.segment


def _position_in(path: Path) -> _Position:
    try:
        return _Position(**orjson.loads(path.read_bytes()))
    except FileNotFoundError:
        return _Position()
    except (orjson.JSONDecodeError, TypeError) as error:
        raise DataError(f"{path} is damaged; delete it, and the journal is read again, each event once.") from error


def _numbers(journal: Path) -> list[int]:
    """Of the segments that are there, rising."""
    return sorted(int(match[1]) for each in journal.iterdir() if (match := SEGMENT.fullmatch(each.name)))


def _segment(journal: Path, number: int) -> Path:
    return journal / f"events-{number:06d}.log"


def _checked(journal: Path, position: _Position) -> _Position:
    """The beginning, where the journal is not the one of which the position speaks, or a part of it is gone."""
    numbers = _numbers(journal)
    if position.segment in numbers:
        return position if _is_behind(position, _segment(journal, position.segment)) else _Position()
    if position.segment and numbers and numbers[0] > position.segment + 1:
        logger.warning(
            "Segments %d to %d of the journal in %s went before they were read, and what they held is not in the event "
            "log; a worker has to run at least once within 30 days.",
            position.segment + 1,
            numbers[0] - 1,
            journal,
        )
    return _Position()


def _is_behind(position: _Position, path: Path) -> bool:
    """Whether the line that was read last stands in the file where it stood."""
    with path.open("rb") as file:
        file.seek(position.offset - position.line_bytes)
        return zlib.crc32(file.read(position.line_bytes)) == position.line_crc


def _operations(journal: Path, first: _Position) -> Iterator[tuple[_Position, StateOperation]]:
    """Each operation, with the position behind it."""
    # Listed first: a segment behind which there is another is complete.
    for number in _numbers(journal):
        if number < first.segment:
            continue
        path, offset = _segment(journal, number), first.offset if number == first.segment else 0
        try:
            file = path.open("rb")
        except FileNotFoundError:  # it grew too old meanwhile
            continue
        with file:
            file.seek(offset, os.SEEK_SET)
            for line in file:
                if not line.endswith(b"\n"):
                    break
                offset += len(line)
                end = _Position(segment=number, offset=offset, line_bytes=len(line), line_crc=zlib.crc32(line))
                yield end, _operation(line, path, offset)


def _operation(line: bytes, path: Path, end: int) -> StateOperation:
    content = content_of(line)
    if content is None:
        raise DataError(f"The line of {path} that ends at byte {end} is damaged. Restore the file from a copy.")
    try:
        return operation_of(content)
    except (DataError, RequestError, ValueError, TypeError) as error:
        reason = str(error).removesuffix(".")
        raise DataError(
            f"The line of {path} that ends at byte {end} cannot be understood: {reason}. Start a newer program."
        ) from error


def _entries(end: _Position, operation: StateOperation) -> Iterator[LogEntry]:
    """What an operation tells whose line ends there; that the past of a bundle is closed is about that alone."""
    match operation:
        case EventsAppended():
            told = [{**asdict(each), "at": repr(each.at)} for each in operation.events]
        case UserForgotten():
            told = [{"kind": FORGET, "user_id": operation.user_id}]
        case NamesMerged():
            told = [{"kind": MERGE, "source": operation.source, "target": operation.target, "at": repr(operation.at)}]
        case UserReset():
            told = [{"kind": RESET, "user_id": operation.user_id}]
        case PastClosed():
            told = []
    for each in told:
        yield LogEntry(stream=STREAM, place=(end.segment, end.offset), arrived_at=operation.at, told=each)
