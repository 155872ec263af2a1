"""Changes of items on disk, so that they outlive the process."""

import errno
import fcntl
import logging
import os
import re
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from winnow.schema.errors import DataError, SettingsError, Unavailable

logger = logging.getLogger(__name__)

LINES = re.compile(rb"[^\n]*\n|[^\n]+")


class ItemLog:
    """One file for one bundle: a line for each change, with its CRC-32 before it; only ever appended to.

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
        self._path = folder / f"items-{digest[:16]}.jsonl"
        self._file = _opened(self._path)
        try:
            self._changes = self._read()
        except DataError:
            self.close()
            raise

    def close(self) -> None:
        """Lets the file go."""
        self._file.close()

    def changes(self) -> Mapping[str, Mapping[str, Any] | None]:
        """What was last said of each item when the file was opened: its values, or None where it was withdrawn."""
        return self._changes

    def append(self, item_id: str, values: Mapping[str, Any] | None) -> None:
        """Writes one change; when this returns it is on disk.

        Raises:
            Unavailable: it cannot be written; the file is as it was.
        """
        size = self._file.seek(0, os.SEEK_END)
        try:
            self._write(_line(item_id, values))
            os.fsync(self._file.fileno())
        except OSError as error:
            self._file.truncate(size)
            raise Unavailable(f"The change cannot be written to {self._path}: {error.strerror}.") from error

    def _write(self, line: bytes) -> None:
        # Unbuffered: what a full disk refuses must not be written later.
        if self._file.write(line) != len(line):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def _read(self) -> dict[str, Mapping[str, Any] | None]:
        changes: dict[str, Mapping[str, Any] | None] = {}
        content = self._file.read()
        lines = LINES.findall(content)
        for number, line in enumerate(lines, 1):
            change = _parsed(line)
            if change is None:
                self._damaged(number, len(lines), len(content) - len(line))
                break
            item_id, values = change
            changes.pop(item_id, None)  # the order is that of the last changes
            changes[item_id] = values
        return changes

    def _damaged(self, number: int, last: int, whole_bytes: int) -> None:
        if number < last:
            raise DataError(
                f"Line {number} of {self._path} is damaged, and whole lines follow it. Restore the file from a copy, "
                "or delete that line and send its item again."
            )
        logger.warning("The last line of %s is torn, line %d; it was never acknowledged and goes.", self._path, number)
        self._file.truncate(whole_bytes)


def _opened(path: Path) -> BinaryIO:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("a+b", buffering=0)
        _sync_folder(path.parent)
    except OSError as error:
        raise SettingsError(
            f"The state folder (WINNOW_STATE) {path.parent} cannot be used: {error.strerror}. Choose one that this "
            "user may write to."
        ) from error
    _lock(file, path)
    file.seek(0)
    return file


def _lock(file: BinaryIO, path: Path) -> None:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        file.close()
        raise SettingsError(
            f"{path} is in use by another process; one service at a time keeps its state in a folder. Stop the other "
            "one, or choose another folder (WINNOW_STATE)."
        ) from error


def _sync_folder(folder: Path) -> None:
    """A new file is there after a power cut only once its folder is on disk too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _line(item_id: str, values: Mapping[str, Any] | None) -> bytes:
    content = orjson.dumps({"item_id": item_id, "values": values})
    return b"%08x %s\n" % (zlib.crc32(content), content)


def _parsed(line: bytes) -> tuple[str, Mapping[str, Any] | None] | None:
    """Item and values, None for a line that is damaged."""
    content = line[9:-1]
    if not line.endswith(b"\n") or line[:9] != b"%08x " % zlib.crc32(content):
        return None
    change = orjson.loads(content)
    return change["item_id"], change["values"]
