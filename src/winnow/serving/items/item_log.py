"""Changes of items on disk, so that they outlive the process."""

import errno
import logging
import os
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from winnow.schema.errors import DataError, Unavailable
from winnow.serving.items.item_change import ItemChange, kept_change, last_changes, read_changes, remember
from winnow.serving.items.picture_store import PictureStore
from winnow.stores.state_folder import hold, unusable
from winnow.stores.synced_folder import sync_folder

logger = logging.getLogger(__name__)

PICTURES, LOG_FILE = "pictures", "items.jsonl"
"""In the state folder."""
OLD_LOGS = "items-*.jsonl"
"""Of older programs, one for each bundle; they are read and never written to."""


class ItemLog:
    """One file for all bundles: a line for each change, only ever appended to; pictures lie in a folder beside it.

    The file is locked while it is open, so that no second process writes to it.

    Args:
        folder: the state folder; it is made if need be.

    Raises:
        SettingsError: the folder cannot be written to, or another process has the file.
        DataError: a line before the last one is damaged. A damaged last line is what a power cut leaves of a change
            that was never acknowledged; it is dropped with a warning.
    """

    is_durable = True

    def __init__(self, folder: Path) -> None:
        self._path = folder / LOG_FILE
        self._pictures = PictureStore(folder=folder / PICTURES)
        self._file = _opened(self._path)
        try:
            self._changes = self._read()
        except DataError:
            self.close()
            raise

    def close(self) -> None:
        """Lets the file go."""
        self._file.close()

    def changes(self) -> Collection[ItemChange]:
        return tuple(self._changes.values())

    def last(self, item_id: str) -> ItemChange | None:
        return self._changes.get(item_id)

    def values_of(self, change: ItemChange) -> dict[str, Any]:
        return change.with_pictures(self._pictures.read)

    def append(self, change: ItemChange) -> None:
        """As in ItemMemory; when this returns it is on disk, after its pictures."""
        kept = kept_change(change, self._pictures.keep)
        size = self._file.seek(0, os.SEEK_END)
        try:
            self._write(kept.line())
            os.fsync(self._file.fileno())
        except OSError as error:
            self._file.truncate(size)
            raise Unavailable(f"The change cannot be written to {self._path}: {error.strerror}.") from error
        remember(self._changes, kept)

    def _write(self, line: bytes) -> None:
        # Unbuffered: what a full disk refuses must not be written later.
        if self._file.write(line) != len(line):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def _read(self) -> dict[str, ItemChange]:
        content = self._file.read()
        changes, size = read_changes(content, self._path)
        if size < len(content):
            logger.warning(
                "The last line of %s is torn, line %d; it was never acknowledged and goes.",
                self._path,
                len(changes) + 1,
            )
            self._file.truncate(size)
        return last_changes([*old_changes(self._path.parent), *changes])


def old_changes(folder: Path) -> Iterator[ItemChange]:
    """From the logs of older programs, oldest file first, each as if it had been said when the file was written last.

    Raises:
        DataError: one is damaged before its last line.
    """
    for path in old_logs(folder):
        yield from read_changes(path.read_bytes(), path, path.stat().st_mtime)[0]


def old_logs(folder: Path) -> Sequence[Path]:
    """The files of older programs, oldest first."""
    return sorted(folder.glob(OLD_LOGS), key=lambda path: (path.stat().st_mtime_ns, path.name))


def _opened(path: Path) -> BinaryIO:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("a+b", buffering=0)
        sync_folder(path.parent)
    except OSError as error:
        raise unusable(path.parent, error) from error
    hold(file, path)
    file.seek(0)
    return file
