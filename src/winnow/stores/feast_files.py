"""The rows of feature tables as Parquet files that appear whole; Feast's own writer writes over the file it reads."""
# pyright: standard
# Arrow and Feast tell no types.

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from winnow.schema.column import Array
from winnow.schema.feature import Kind
from winnow.stores.feature_table import SINCE, WRITTEN, FeatureTable

ALL, PUSHED = "all.parquet", "pushed-"
INSTANT = pa.timestamp("us", "UTC")
ARROW_OF_KIND: dict[Kind | None, pa.DataType] = {
    None: pa.bool_(),
    Kind.NUMBER: pa.float64(),
    Kind.TIME: pa.float64(),
    Kind.VECTOR: pa.list_(pa.float32()),
}
"""What is not here is text."""


@dataclass(frozen=True, slots=True)
class FeastFiles:
    """Files of each table in a folder of its own.

    Attributes:
        folder: `data` of a repository.
    """

    folder: Path

    def replace(self, table: FeatureTable, rows: pa.Table, until: float) -> int:
        """Writes all that is known of a table; what was pushed up to that instant, UTC seconds, goes. Returns its rows.

        Raises:
            OSError: it cannot be written; what was there stays.
        """
        self._write(table, ALL, rows)
        for pushed in (self.folder / table.name).glob(f"{PUSHED}*.parquet"):
            if int(pushed.stem.removeprefix(PUSHED)) <= until * 1e6:
                pushed.unlink()
        return rows.num_rows

    def add(self, table: FeatureTable, rows: pa.Table, at: float) -> None:
        """Writes rows of one instant beside those that are there; the same again takes the place of the first.

        Raises:
            OSError: it cannot be written.
        """
        self._write(table, f"{PUSHED}{round(at * 1e6)}.parquet", rows)

    def _write(self, table: FeatureTable, name: str, rows: pa.Table) -> None:
        folder = self.folder / table.name
        folder.mkdir(parents=True, exist_ok=True)
        unfinished = folder / f"{name}.tmp"
        pq.write_table(rows, unfinished, compression="zstd")
        unfinished.replace(folder / name)


def rows_of(table: FeatureTable, given: pa.Table, since: Array, written: float) -> pa.Table:
    """Rows as the files hold them.

    Args:
        table: names the columns.
        given: N rows with the key and the columns of the table, and perhaps others.
        since: int64 [N], UTC microseconds from which they hold.
        written: UTC seconds.
    """
    columns = {table.key: given[table.key].cast(pa.string())}
    for name, kind in table.columns.items():
        columns[name] = given[name].cast(ARROW_OF_KIND.get(kind, pa.string()))
    columns[SINCE] = pa.array(since, INSTANT)
    columns[WRITTEN] = pa.array(np.full(len(since), round(written * 1e6)), INSTANT)
    return pa.table(columns)
