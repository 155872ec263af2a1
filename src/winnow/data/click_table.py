"""Rows that were shown and clicked or not, as arrays."""

from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from winnow.data.click_table_form import ClickTableForm
from winnow.data.report import DataReport
from winnow.schema.column import Array, Bools, Floats


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ClickTable:
    """N rows in the order of the files, which is the order of time.

    Attributes:
        form: what the columns are called.
        label: bool [N], whether the row was clicked.
        numbers: float32 [N, numbers], NaN where missing; the columns in the order of the form, each contiguous.
        categories: N rows of Arrow dictionaries of text with int32 places, null where missing; columns in the order of
            the form.
        at: float64 [N] UTC seconds; None where the form names no such column.
        source: where they were read from, for the record.
        report: what was read, and what is odd about it; of a part, that of the whole.
    """

    form: ClickTableForm
    label: Bools
    numbers: Floats
    categories: pa.Table
    at: Array | None
    source: str
    report: DataReport

    def __len__(self) -> int:
        return len(self.label)

    @property
    def number_names(self) -> tuple[str, ...]:
        """Names of the columns of `numbers`."""
        return self.form.numbers

    @property
    def positives(self) -> int:
        """How many rows were clicked."""
        return int(np.count_nonzero(self.label))

    def slice(self, start: int, stop: int) -> "ClickTable":
        """The rows from `start` to before `stop`; nothing is copied."""
        return replace(
            self,
            label=self.label[start:stop],
            numbers=self.numbers[start:stop],
            categories=self.categories.slice(start, max(stop - start, 0)),
            at=None if self.at is None else self.at[start:stop],
        )

    def take(self, rows: Array) -> "ClickTable":
        """The given rows, int64, in the given order."""
        return replace(
            self,
            label=self.label[rows],
            numbers=self.numbers[rows],
            categories=self.categories.take(pa.array(rows)),
            at=None if self.at is None else self.at[rows],
        )
