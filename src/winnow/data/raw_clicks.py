"""Some rows of a file of clicks, as they came."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pyarrow as pa


@dataclass(frozen=True, slots=True, kw_only=True)
class RawClicks:
    """Rows that follow each other in one file.

    Attributes:
        file: where they are from.
        counted_in: what `first` counts: lines of text, or rows of Parquet.
        first: line or row of the first of them, counted from 1.
        table: the columns of the form, text for TSV, of any type for Parquet.
    """

    file: Path
    counted_in: Literal["line", "row"]
    first: int
    table: pa.Table

    def place(self, row: int) -> str:
        """Such as "train.tsv, line 7", for a row of the table counted from 0."""
        return f"{self.file.name}, {self.counted_in} {self.first + row}"
