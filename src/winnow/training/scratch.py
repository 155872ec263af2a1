"""Arrays that lie in files, so that a log may have more rows than memory has room for."""

import errno
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import DTypeLike

from winnow.schema.column import Array
from winnow.schema.errors import DataError

ROWS_AT_ONCE = 65_536


@dataclass(frozen=True, slots=True, kw_only=True)
class Scratch:
    """Where such arrays lie: in files without a name, which go with the last array that refers to them.

    What is read or written is in memory as long as there is room, and belongs to nobody: the system takes it back.

    Attributes:
        folder: on the disk that they lie on; None for the system's folder of temporary files, which some systems keep
            in memory.
    """

    folder: Path | None = None

    def empty(self, shape: tuple[int, ...], dtype: DTypeLike) -> Array:
        """Zeros to be filled.

        Raises:
            DataError: the disk has no room for them.
        """
        size = int(np.prod(shape)) * np.dtype(dtype).itemsize
        if not size:
            return np.zeros(shape, dtype)
        with tempfile.TemporaryFile(dir=self.folder) as file:
            try:
                _reserve(file.fileno(), size)
            except OSError as error:
                raise DataError(
                    f"There is no room for {size:,} bytes of training rows in {self.folder or tempfile.gettempdir()} "
                    f"({error.strerror}); make some, or write the bundle to another disk."
                ) from error
            return np.asarray(np.memmap(file, dtype, "r+", shape=shape))

    def columns(self, num_rows: int, pieces: Iterable[Mapping[str, Array]]) -> dict[str, Array]:
        """Arrays [num_rows, ...] by name, of pieces of them that come one after the other, at least one."""
        whole: dict[str, Array] = {}
        start = 0
        for piece in pieces:
            length = 0
            for name, each in piece.items():
                if name not in whole:
                    whole[name] = self.empty((num_rows, *each.shape[1:]), each.dtype)
                length = len(each)
                whole[name][start : start + length] = each
            start += length
        return whole


def slices(start: int, stop: int, at_once: int | None = None) -> Iterator[slice]:
    """Rows from `start` to before `stop`, `ROWS_AT_ONCE` or fewer at a time; one slice at least."""
    at_once = at_once or ROWS_AT_ONCE
    begins = range(start, max(stop, start + 1), at_once)
    return (slice(each, min(each + at_once, stop)) for each in begins)


def pieces(rows: Array) -> Iterator[Array]:
    """Some rows, int64 [n], some at a time."""
    return (rows[each] for each in slices(0, len(rows)))


def _reserve(file: int, size: int) -> None:
    """Now, since a disk that is full when a row is written ends the process without a word."""
    try:
        os.posix_fallocate(file, 0, size)
    except AttributeError:  # macOS has none
        os.ftruncate(file, size)
    except OSError as error:
        if error.errno not in {errno.EINVAL, errno.EOPNOTSUPP}:
            raise
        os.ftruncate(file, size)
