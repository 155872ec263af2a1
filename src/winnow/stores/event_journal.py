"""What changed the state of users, on disk, so that it outlives the process."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Lock
from typing import Literal

from winnow.schema.errors import SettingsError, Unavailable
from winnow.stores.journal_folder import JournalFolder
from winnow.stores.journal_segment import DAY_S, JournalSegment
from winnow.stores.state_operation import StateOperation
from winnow.stores.synced_folder import sync_folder
from winnow.stores.tidy_journal import tidy_journal

SEGMENT_BYTES = 64 << 20
"""After which a segment ends, on whatever day."""


class EventJournal:
    """An append log in segments, one for each UTC day or more, and a snapshot that stands for those before it.

    These stay for who writes them elsewhere, until that is done or they are too old: see `tidy`.

    What `append` returned from is there when the journal is opened again, whatever became of the process. Open it with
    `open`; read `snapshot_path` and then `replay()` to its end; then append; close it, also if `replay` raises. Safe to
    share between threads.

    Args:
        folder: locked by this process.
        keep_s: a segment in which nothing is younger goes, unless it says who was forgotten: that waits for a snapshot.
        clock: UTC seconds.
        syncs: whether `append` waits for the disk.
    """

    def __init__(self, folder: JournalFolder, keep_s: float, clock: Callable[[], float], *, syncs: bool) -> None:
        self._folder, self._keep_s, self._clock, self._syncs = folder, keep_s, clock, syncs
        self._lock, self._snapshot_lock = Lock(), Lock()
        self._snapshot = folder.last_snapshot()
        self._segments: dict[int, JournalSegment] = {}
        self._number = 0
        self._is_ready = False

    @staticmethod
    def open(
        folder: Path, keep_s: float, clock: Callable[[], float] = time.time, sync: Literal["write", "fsync"] = "write"
    ) -> "EventJournal":
        """Locks a folder and clears away what a crash left there; makes it if need be.

        Args:
            folder: of this journal, and of nothing else that begins with "events" or "snapshot".
            keep_s: how long events are wanted, seconds.
            clock: UTC seconds.
            sync: "write": what was acknowledged survives the end of the process, however it comes. "fsync": and that of
                the machine.

        Raises:
            SettingsError: the folder cannot be written to, or another process has it.
            DataError: a segment is missing.
        """
        return EventJournal(JournalFolder.open(folder), keep_s, clock, syncs=sync == "fsync")

    @property
    def snapshot_path(self) -> Path | None:
        """What `snapshot` last wrote; `replay` tells what came after it."""
        return None if self._snapshot is None else self._folder.snapshot(self._snapshot)

    def replay(self) -> Iterator[StateOperation]:
        """What was acknowledged after the snapshot, in order, without what is older than `keep_s`.

        A torn last record was never acknowledged; it is dropped with a warning. At the end the journal is ready.

        Raises:
            DataError: another record is damaged, or of a newer program; names file and record.
            SettingsError: the last segment cannot be written to.
        """
        if self._is_ready:
            raise RuntimeError("The journal was read to its end already; open it again to read it again.")
        numbers = self._folder.segments()
        for number in numbers:
            segment = self._segments[number] = JournalSegment(self._folder.segment(number))
            yield from segment.read(self._clock() - self._keep_s, is_last=number == numbers[-1])
        self._make_ready(max(numbers, default=(self._snapshot or 0) + 1))

    def append(self, operation: StateOperation) -> None:
        """Keeps an operation; it is acknowledged when this returns.

        Raises:
            Unavailable: it cannot be written; there is no trace of it.
            RequestError: a name is not text that can be written.
        """
        with self._lock:
            segment = self._current()
            if self._is_full(segment):
                segment = self._rotate()
            segment.write(operation, sync=self._syncs)

    def cut(self) -> int:
        """Ends the segment, and so separates what a snapshot stands for from what comes after it.

        Call it while nothing is appended and the state is copied or frozen; `snapshot` may then take its time.

        Returns:
            the number of the last segment before the cut.

        Raises:
            Unavailable: a new segment cannot be made.
        """
        with self._lock:
            if self._current().size:
                self._rotate()
            return self._number - 1

    def snapshot(self, cut: int, write: Callable[[Path], None]) -> None:
        """Has a snapshot written, which stands for all segments before a cut. Appending goes on meanwhile.

        Nothing is written if there is one already that stands for as much.

        Args:
            cut: as `cut` returned it.
            write: writes the state as of the cut to a path, as a file or as a folder; there is nothing there yet.

        Raises:
            Unavailable: it cannot be written; all is as it was.
        """
        with self._snapshot_lock:
            if self._snapshot is not None and cut <= self._snapshot:
                return
            if cut >= self._number:
                raise ValueError(f"There was no cut {cut}; the segment {self._number} is still written to.")
            self._folder.keep_snapshot(cut, write)
            self._snapshot = cut
            with self._lock:
                self._segments = {number: each for number, each in self._segments.items() if number > cut}
            self._folder.clear()

    def tidy(self) -> None:
        """Removes segments that a snapshot stands for and nobody needs, and from the others what was forgotten.

        It is all done when it returns, or else will be by a later call, in whatever process.

        Raises:
            Unavailable: a file cannot be read or written.
        """
        with self._snapshot_lock:
            if self._snapshot is None:
                return
            try:
                tidy_journal(self._folder, self._snapshot, self._clock() - self._keep_s)
            except OSError as error:
                raise Unavailable(
                    f"Old segments of the journal in {self._folder.path} cannot be tidied up: {error.strerror}."
                ) from error

    @property
    def size(self) -> int:
        """Bytes of what a start would replay."""
        with self._lock:
            return sum(segment.size for segment in self._segments.values())

    @property
    def snapshot_size(self) -> int:
        """Bytes of the snapshot; 0 where there is none."""
        path = self.snapshot_path
        return 0 if path is None else sum(each.stat().st_size for each in [path, *path.rglob("*")] if each.is_file())

    def settle(self) -> None:
        """Brings to disk what was written so far, so that a cut has little left to do.

        Raises:
            Unavailable: that is not possible.
        """
        with self._lock:
            path = self._current().path
        try:
            sync_folder(path)
        except OSError as error:
            raise Unavailable(f"{path} is not on disk: {error.strerror}.") from error

    def close(self) -> None:
        """Writes all to disk and lets the folder go, once a snapshot under way is done."""
        with self._snapshot_lock, self._lock:
            if self._is_ready:
                self._is_ready = False
                self._segments[self._number].end()
            self._folder.lock.close()

    def _make_ready(self, number: int) -> None:
        with self._lock:
            try:
                self._begin(number)
            except OSError as error:
                raise SettingsError(
                    f"The journal {self._folder.segment(number)} cannot be written to: {error.strerror}. Choose a "
                    "state folder (WINNOW_STATE) that this user may write to."
                ) from error
            self._is_ready = True

    def _begin(self, number: int) -> None:
        """Takes a segment as the one to write to."""
        segment = self._segments.get(number) or JournalSegment(self._folder.segment(number))
        segment.begin()
        self._segments[number] = segment
        self._number = number
        while number > (first := min(self._segments)) and self._is_old(self._segments[first]):
            if not self._folder.drop(first):
                break
            del self._segments[first]

    def _is_old(self, segment: JournalSegment) -> bool:
        return segment.newest_at <= self._clock() - self._keep_s

    def _current(self) -> JournalSegment:
        if not self._is_ready:
            raise RuntimeError("The journal takes nothing yet, or no more: open it and read `replay()` to its end.")
        return self._segments[self._number]

    def _is_full(self, segment: JournalSegment) -> bool:
        """Whether the next operation belongs to another segment; never if it has none."""
        is_over = segment.day is not None and self._clock() // DAY_S > segment.day
        return is_over or segment.size >= SEGMENT_BYTES

    def _rotate(self) -> JournalSegment:
        ended = self._current()
        try:
            ended.settle()
            self._begin(self._number + 1)
        except OSError as error:
            raise Unavailable(f"The journal cannot go on after {ended.path}: {error.strerror}.") from error
        ended.end()
        return self._current()
