"""The files of a journal: which there are, which count, and how a snapshot takes the place of some."""

import logging
import re
import shutil
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from winnow.schema.errors import DataError, Unavailable
from winnow.stores.state_folder import hold, unusable
from winnow.stores.synced_folder import sync_folder, sync_tree

logger = logging.getLogger(__name__)

SEGMENT, SNAPSHOT = re.compile(r"events-(\d{6,})\.log"), re.compile(r"snapshot-(\d{6,})")
UNFINISHED, UNFINISHED_SEGMENT = "snapshot-*.new", "events-*.log.new"
LOCK_NAME = "events.lock"


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalFolder:
    """Segments are numbered without a gap; a snapshot has the number of the last segment that it stands for.

    Attributes:
        path: of the folder.
        lock: the file that is locked as long as it is open.
    """

    path: Path
    lock: BinaryIO

    @staticmethod
    def open(path: Path) -> "JournalFolder":
        """Makes the folder if need be, locks it, and clears away what a crash left.

        Raises:
            SettingsError: it cannot be used, or another process has it.
            DataError: a segment is missing between two others.
        """
        try:
            path.mkdir(parents=True, exist_ok=True)
            sync_folder(path.parent)
            folder = JournalFolder(path=path, lock=_locked(path / LOCK_NAME))
        except OSError as error:
            raise unusable(path, error) from error
        try:
            folder.clear()
            folder.segments()
        except (OSError, DataError) as error:
            folder.lock.close()
            raise unusable(path, error) if isinstance(error, OSError) else error from None
        return folder

    def segments(self) -> list[int]:
        """Numbers of the segments after the last snapshot, rising.

        Raises:
            DataError: one is missing between two others.
        """
        last = self.last_snapshot() or 0
        numbers = [each for each in self.all_segments() if each > last]
        missing = sorted(set(range(numbers[0], numbers[-1])) - set(numbers)) if numbers else []
        if missing:
            raise DataError(
                f"{self.segment(missing[0])} is missing, and there are segments before and after it. Restore the file "
                "from a copy, or make an empty one in its place; what it held is lost then."
            )
        return numbers

    def all_segments(self) -> list[int]:
        """Numbers of the segments that are there, rising; the state needs those no more that a snapshot stands for."""
        return self._numbers(SEGMENT)

    def segment(self, number: int) -> Path:
        """Where a segment is."""
        return self.path / f"events-{number:06d}.log"

    def snapshot(self, number: int) -> Path:
        """Where a snapshot is."""
        return self.path / f"snapshot-{number:06d}"

    def last_snapshot(self) -> int | None:
        """The number of the snapshot that counts."""
        return max(self._numbers(SNAPSHOT), default=None)

    def keep_snapshot(self, number: int, write: Callable[[Path], None]) -> None:
        """Has a snapshot written under another name, and gives it its own once all of it is on disk.

        Raises:
            Unavailable: it cannot be written; there is no trace of it.
        """
        target = self.snapshot(number)
        unfinished = self.path / UNFINISHED.replace("*", f"{number:06d}")
        try:
            write(unfinished)
            sync_tree(unfinished)
            unfinished.rename(target)
            sync_folder(self.path)
        except OSError as error:
            # Never removed piece by piece under a name that counts.
            with suppress(OSError):
                target.rename(unfinished)
            raise Unavailable(f"The snapshot {target} cannot be written: {error.strerror}.") from error
        finally:
            _remove([unfinished])

    def clear(self) -> None:
        """Removes what takes no part any more: older snapshots, and what was never finished."""
        last = self.last_snapshot()
        older = [self.snapshot(each) for each in self._numbers(SNAPSHOT) if each != last]
        _remove([*self.path.glob(UNFINISHED), *self.path.glob(UNFINISHED_SEGMENT), *older])

    def drop(self, number: int) -> bool:
        """Removes the first segment; whether it is gone for good, so that the next may go without leaving a gap."""
        try:
            self.segment(number).unlink(missing_ok=True)
            sync_folder(self.path)
        except OSError as error:
            logger.warning("%s is needed no more and cannot be removed: %s.", self.segment(number), error.strerror)
            return False
        return True

    def _numbers(self, form: re.Pattern[str]) -> list[int]:
        found = (form.fullmatch(each.name) for each in self.path.iterdir())
        return sorted(int(each[1]) for each in found if each)


def _remove(paths: Iterable[Path]) -> None:
    """What cannot be removed stays for the next time: it does not count any more."""
    for path in paths:
        try:
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
        except OSError as error:
            logger.warning("%s is not needed any more, and cannot be removed: %s.", path, error.strerror)


def _locked(path: Path) -> BinaryIO:
    file = path.open("ab")
    hold(file, path)
    return file
