"""Changes of items on disk, so that they outlive the process."""

import errno
import logging
import os
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, BinaryIO

from winnow.schema.errors import DataError, Unavailable
from winnow.serving.item_change import ItemChange, kept_change, last_changes, read_changes
from winnow.serving.picture_store import PictureStore
from winnow.stores.state_folder import hold, unusable
from winnow.stores.synced_folder import sync_folder

logger = logging.getLogger(__name__)

PICTURES, LOG_FILES = "pictures", "items-*.jsonl"
"""In the state folder."""


class ItemLog:
    """One file for one bundle: a line for each change, only ever appended to; pictures lie in a folder beside it.

    The file is locked while it is open, so that no second process writes to it.

    Args:
        folder: the state folder; it is made if need be.
        digest: of the bundle's manifest; another bundle has another file.

    Raises:
        SettingsError: the folder cannot be written to, or another process has the file.
        DataError: a line before the last one is damaged. A damaged last line is what a power cut leaves of a change
            that was never acknowledged; it is dropped with a warning.
    """

    def __init__(self, folder: Path, digest: str) -> None:
        self._path = folder / LOG_FILES.replace("*", digest[:16])
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
        """What was last said of each item when the file was opened, in the order in which it was said."""
        return self._changes.values()

    def values_of(self, change: ItemChange) -> dict[str, Any]:
        """The values of a change with its pictures, as bytes.

        Raises:
            DataError: a picture is missing or damaged; names item and file.
        """
        return change.with_pictures(self._pictures.read)

    def append(self, item_id: str, values: Mapping[str, Any] | None) -> None:
        """Writes one change; when this returns it is on disk, after its pictures.

        Args:
            item_id: outside name.
            values: JSON values by raw column, pictures as bytes; None where the item is withdrawn.

        Raises:
            Unavailable: it cannot be written; the file is as it was.
        """
        line = kept_change(item_id, values, self._pictures.keep).line()
        size = self._file.seek(0, os.SEEK_END)
        try:
            self._write(line)
            os.fsync(self._file.fileno())
        except OSError as error:
            self._file.truncate(size)
            raise Unavailable(f"The change cannot be written to {self._path}: {error.strerror}.") from error

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
        return last_changes(changes)


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
