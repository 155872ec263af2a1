"""One file of a journal."""

import errno
import logging
import math
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from winnow.schema.errors import DataError, RequestError, Unavailable
from winnow.stores.journal_line import content_of, line_of, operation_of
from winnow.stores.state_operation import StateOperation
from winnow.stores.synced_folder import sync_folder

logger = logging.getLogger(__name__)

DAY_S = 86_400


class JournalSegment:
    """Operations in a file, a line for each, only ever appended to; not safe to share between threads.

    Args:
        path: of the file; it need not be there.

    Attributes:
        path: of the file.
        size: bytes of the operations that were read or written.
        day: UTC day of its first operation, since 1970; None while it has none.
        newest_at: the last instant that its operations speak of, UTC seconds.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.size = 0
        self.day: int | None = None
        self.newest_at = -math.inf

    def read(self, after: float, *, is_last: bool) -> Iterator[StateOperation]:
        """The operations, in order.

        Args:
            after: those that speak of nothing later are left out, UTC seconds.
            is_last: nothing was written to a later segment, so that a damaged last record is what a crash left of an
                operation that was never acknowledged. It ends the operations; `size` is less than that of the file.

        Raises:
            DataError: a record is damaged, or of a newer program; or the file cannot be read.
        """
        try:
            with self.path.open("rb") as file:
                for number, line in enumerate(file, 1):
                    content = content_of(line)
                    if content is None and is_last and not file.read(1):
                        return
                    operation = _operation(content, number, self.path)
                    if self._take(operation, line) > after:
                        yield operation
        except OSError as error:
            raise DataError(f"{self.path} cannot be read: {error.strerror}. Restore it from a copy.") from error

    def begin(self) -> None:
        """Opens the file to be written to, its name on disk; what follows the operations that were read goes."""
        self._file = self.path.open("ab", buffering=0)
        try:
            if self._file.tell() > self.size:
                logger.warning("The last record of %s is torn; it was never acknowledged and goes.", self.path)
            self.settle()
            sync_folder(self.path.parent)
        except OSError:
            self._file.close()
            raise

    def write(self, operation: StateOperation, *, sync: bool) -> None:
        """Appends an operation; when this returns the kernel has it, and with `sync` the disk.

        Raises:
            Unavailable: it cannot be written; there is no trace of it.
            RequestError: a name is not text that can be written.
        """
        line = line_of(operation)
        try:
            self._write(line, sync=sync)
        except OSError as error:
            # Should this fail too, then the next write begins with it.
            with suppress(OSError):
                self._mend()
            raise Unavailable(f"What came cannot be written to {self.path}: {error.strerror}.") from error
        self._take(operation, line)

    def settle(self) -> None:
        """Writes all to disk: of a journal's segments, only the last may be torn when the power goes."""
        self._mend()
        os.fsync(self._file.fileno())

    def end(self) -> None:
        """Lets the file go, all of it on disk if that is possible."""
        try:
            self.settle()
        except OSError as error:
            logger.warning("%s is not on disk yet: %s.", self.path, error.strerror)
        self._file.close()

    def _mend(self) -> None:
        """Cuts off what was written but not acknowledged."""
        there = self._file.seek(0, os.SEEK_END)
        if there < self.size:
            raise OSError(errno.EIO, f"somebody else cut it off at {there} of {self.size} bytes")
        if there > self.size:
            self._file.truncate(self.size)

    def _write(self, line: bytes, *, sync: bool) -> None:
        self._mend()
        # Unbuffered: what a full disk refuses must not be written later.
        if self._file.write(line) != len(line):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        if sync:
            os.fsync(self._file.fileno())

    def _take(self, operation: StateOperation, line: bytes) -> float:
        """Counts an operation; the last instant that it speaks of."""
        newest_at = operation.newest_at
        self.size += len(line)
        self.newest_at = max(self.newest_at, newest_at)
        if self.day is None:
            self.day = int(operation.at // DAY_S)
        return newest_at


def _operation(content: bytes | None, number: int, path: Path) -> StateOperation:
    if content is None:
        raise DataError(
            f"Record {number} of {path} is damaged, and more was written after it. Restore the file from a copy, or "
            "delete that line; what it held is lost then."
        )
    try:
        return operation_of(content)
    except (DataError, RequestError, ValueError, TypeError) as error:
        reason = str(error).removesuffix(".")
        raise DataError(
            f"Record {number} of {path} is whole, but cannot be understood: {reason}. Start the program that wrote it, "
            "or a newer one."
        ) from error
