"""The rows of feature tables as Parquet files that appear whole; Feast's own writer writes over the file it reads."""
# pyright: standard
# Arrow and Feast tell no types.

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute
import pyarrow.parquet as pq

from winnow.schema.column import Array
from winnow.schema.feature import Kind
from winnow.stores.feature_table import SINCE, WRITTEN, FeatureTable
from winnow.stores.folder_lock import folder_lock

pc: Any = pyarrow.compute
ALL, PUSHED, LOCK = "all.parquet", "pushed-", "_lock"
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
        with self.held():
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

    def forget(self, view: str, key: str, names: Mapping[str, float]) -> int:
        """Removes rows of some keys, rewriting only files that hold some; returns how many.

        Args:
            view: name of a table.
            key: its key column.
            names: keys, with the UTC seconds until when what was written is meant; +inf for all of it.

        Raises:
            OSError, pa.ArrowException: a file cannot be read or written, and some rows may be gone; do it again.
        """
        with self.held():
            return sum(_without(file, key, names) for file in sorted((self.folder / view).glob("*.parquet")))

    @contextmanager
    def held(self) -> Generator[None]:
        """While the block runs no row goes; new ones may come."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with folder_lock(self.folder / LOCK):
            yield

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


def _without(file: Path, key: str, names: Mapping[str, float]) -> int:
    """Rewrites a file, a row group at a time, if it holds what is meant; returns how many rows went."""
    with pq.ParquetFile(file) as old:
        groups = range(old.num_row_groups)
        gone = sum(pc.sum(_meant(old.read_row_group(each, [key, WRITTEN]), key, names)).as_py() or 0 for each in groups)
        if gone:
            unfinished = file.with_name(f"{file.name}.tmp")
            with pq.ParquetWriter(unfinished, old.schema_arrow, compression="zstd") as new:
                for each in groups:
                    rows = old.read_row_group(each)
                    new.write_table(rows.filter(pc.invert(_meant(rows, key, names))))
            unfinished.replace(file)
    return gone


def _meant(rows: pa.Table, key: str, names: Mapping[str, float]) -> pa.ChunkedArray:
    """bool [N], which rows have one of the keys and were written in time."""
    of_names = pa.array(list(names.values()), pa.float64())
    until = of_names.take(pc.index_in(rows[key].combine_chunks(), pa.array(list(names), pa.string())))
    written = pc.divide(rows[WRITTEN].cast(INSTANT).cast(pa.int64()).cast(pa.float64()), 1e6)
    return pc.fill_null(pc.less_equal(written, until), False)
