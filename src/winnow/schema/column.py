"""Arrays as they travel between rooms: plain, ragged, or with values missing."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from winnow.schema.record import record

Array = NDArray[Any]
Bools = NDArray[np.bool_]
Floats = NDArray[np.float32]
Ints = NDArray[np.integer[Any]]


@record(kw_only=False)
class Ragged:
    """Lists of different lengths, one after the other.

    Attributes:
        values: [M, ...] all elements, row by row.
        offsets: int64 [N + 1], rising; row `n` is `values[offsets[n]:offsets[n + 1]]`.
    """

    values: Array
    offsets: Array

    def __len__(self) -> int:
        return len(self.offsets) - 1

    @property
    def lengths(self) -> Array:
        """int64 [N], how many elements each row has."""
        return self.offsets[1:] - self.offsets[:-1]

    @property
    def longest(self) -> int:
        """Elements of the longest row; 0 where there is no row."""
        return len(self.values) if len(self) == 1 else int(self.lengths.max(initial=0))

    def row(self, n: int) -> Array:
        """The elements of row `n`, a view."""
        return self.values[self.offsets[n] : self.offsets[n + 1]]

    def row_of_value(self) -> Array:
        """int64 [M], the row that each element belongs to."""
        if len(self) == 1:
            return np.zeros(len(self.values), np.int64)
        return np.repeat(np.arange(len(self)), self.lengths)

    def keys(self, size: int) -> Array:
        """int64 [M], one number for row and value, where values are whole numbers below `size`."""
        return self.values if len(self) == 1 else self.row_of_value() * size + self.values

    def take(self, rows: Array) -> "Ragged":
        """The given rows, in the given order."""
        lengths = self.lengths[rows]
        offsets = offsets_of(lengths)
        starts = np.repeat(self.offsets[:-1][rows] - offsets[:-1], lengths)
        return Ragged(self.values[starts + np.arange(offsets[-1])], offsets)

    def first(self, width: int) -> "Ragged":
        """The first `width` elements of each row, or fewer where it has fewer."""
        if len(self.values) <= width or self.lengths.max(initial=0) <= width:
            return self
        if len(self) == 1:
            return Ragged(self.values[self.offsets[0] :][:width], one_row(width))
        place = np.arange(len(self.values)) - np.repeat(self.offsets[:-1], self.lengths)
        return Ragged(self.values[place < width], offsets_of(np.minimum(self.lengths, width)))

    def padded(self, width: int, fill: float = 0) -> Array:
        """The last `width` elements of each row, right-padded: [N, width] filled with `fill`, perhaps a view."""
        if len(self) == 1 and len(self.values) >= width:
            return self.values[len(self.values) - width :][None]
        present = self.present(width)
        padded = np.full((*present.shape, *self.values.shape[1:]), fill, self.values.dtype)
        if np.count_nonzero(present) == len(self.values):  # nothing is cut: they are in their order already
            padded[present] = self.values
            return padded
        index = (self.offsets[1:] - np.minimum(self.lengths, width))[:, None] + np.arange(width)
        padded[present] = self.values[index[present]]
        return padded

    def present(self, width: int) -> Bools:
        """bool [N, width], where `padded` has an element."""
        if len(self) == 1 and len(self.values) >= width:
            return np.ones((1, width), bool)
        return np.arange(width) < np.minimum(self.lengths, width)[:, None]


@record(kw_only=False)
class Masked:
    """Values of which some are missing; missing is not zero.

    Attributes:
        values: [N, ...], anything where absent.
        present: bool [N].
    """

    values: Array
    present: Bools

    def __len__(self) -> int:
        return len(self.values)

    def take(self, rows: Array) -> "Masked":
        """The given rows, in the given order."""
        return Masked(self.values[rows], self.present[rows])


Column = Array | Ragged | Masked


def offsets_of(lengths: Array) -> Array:
    """int64 [N + 1] offsets of rows with the given lengths."""
    offsets = np.zeros(len(lengths) + 1, np.int64)
    np.add.accumulate(lengths, out=offsets[1:])  # np.cumsum is that behind three calls, many times a request
    return offsets


@lru_cache(maxsize=10_000)
def one_row(length: int) -> Array:
    """int64 [2], offsets of a single row, of which a request alone has thirty; always the same array, and read-only."""
    offsets = np.array([0, length])
    offsets.flags.writeable = False
    return offsets


def offsets_of_each(lengths: Sequence[int]) -> Array:
    """As `offsets_of`, of a few numbers."""
    return one_row(lengths[0]) if len(lengths) == 1 else offsets_of(np.array(lengths, np.int64))


def plain(column: Column) -> Array:
    """The column as an array.

    Raises:
        TypeError: it is ragged or has missing values.
    """
    if isinstance(column, np.ndarray):
        return column
    raise TypeError(f"The column is a {type(column).__name__}; a plain array is wanted here.")


def ragged(column: Column) -> Ragged:
    """The column as lists.

    Raises:
        TypeError: it is not ragged.
    """
    if isinstance(column, Ragged):
        return column
    raise TypeError(f"The column is a {type(column).__name__}; a ragged one is wanted here.")


def take_rows(column: Column, rows: Array) -> Column:
    """The given rows of any column, in the given order."""
    # For plain arrays `take` needs half the time of an index.
    return column.take(rows, axis=0) if isinstance(column, np.ndarray) else column.take(rows)
