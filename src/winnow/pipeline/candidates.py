"""N candidate items of B requests, in one flat table."""

from collections.abc import Mapping
from dataclasses import field

import numpy as np

from winnow.pipeline.requests import NOTHING
from winnow.schema.column import Array, Bools, Column, offsets_of, one_row, plain, take_rows
from winnow.schema.record import record


@record()
class Candidates:
    """Items under consideration.

    Attributes:
        item_rows: int64 [N], catalogue rows.
        offsets: int64 [B + 1]; candidates of request `b` are `offsets[b]:offsets[b + 1]`.
        columns: name -> column with N rows.
    """

    item_rows: Array
    offsets: Array
    columns: Mapping[str, Column] = field(default_factory=lambda: NOTHING)

    def __len__(self) -> int:
        return len(self.item_rows)

    @property
    def counts(self) -> Array:
        """int64 [B], candidates of each request."""
        return self.offsets[1:] - self.offsets[:-1]  # np.diff costs six times as much, many times a request

    def request_of(self) -> Array:
        """int64 [N], the request that each candidate belongs to."""
        if len(self.offsets) == 2:
            return np.zeros(len(self), np.int64)  # a request alone, as most come: a tenth of the time
        return np.repeat(np.arange(len(self.offsets) - 1), self.counts)

    def keys(self, num_items: int) -> Array:
        """int64 [N], one number for request and item, see `Ragged.keys`."""
        return self.item_rows if len(self.offsets) == 2 else self.request_of() * num_items + self.item_rows

    def array(self, name: str) -> Array:
        """A plain column."""
        column = self.columns[name]
        return column if isinstance(column, np.ndarray) else plain(column)

    def with_columns(self, columns: Mapping[str, Column]) -> "Candidates":
        """The same candidates with more columns.

        Raises:
            ValueError: a column does not have N rows.
        """
        size = len(self.item_rows)
        for name, column in columns.items():
            if len(column) != size:
                raise _wrong_length(f"column '{name}'", len(column), size)
        return Candidates(item_rows=self.item_rows, offsets=self.offsets, columns={**self.columns, **columns})

    def keep(self, mask: Bools) -> "Candidates":
        """Only the candidates where `mask` (bool [N]) is true.

        Raises:
            ValueError: the mask does not have N rows.
        """
        if len(mask) != len(self):
            raise _wrong_length("mask", len(mask), len(self))
        if np.count_nonzero(mask) == len(mask):  # a reduction costs five times as much
            return self
        rows = mask.nonzero()[0]
        return self.take(rows, one_row(len(rows)) if len(self.offsets) == 2 else offsets_of(mask)[self.offsets])

    def take(self, rows: Array, offsets: Array) -> "Candidates":
        """The given candidates in the given order, with the offsets that they then have."""
        columns = {name: take_rows(column, rows) for name, column in self.columns.items()}
        return Candidates(item_rows=self.item_rows.take(rows), offsets=offsets, columns=columns)


def no_candidates(batch: int) -> Candidates:
    """None of any of B requests, with the column `score` that a source gives."""
    return Candidates(
        item_rows=np.empty(0, np.int64),
        offsets=np.zeros(batch + 1, np.int64),
        columns={"score": np.empty(0, np.float32)},
    )


def _wrong_length(what: str, found: int, wanted: int) -> ValueError:
    return ValueError(f"A {what} of {found} rows came for {wanted} candidates; a stage answers for each of them once.")
