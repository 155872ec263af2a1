"""Reads one file of rows: Parquet, CSV or TSV, the last two compressed or not."""

from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from winnow.data.csv_file import read_csv_file
from winnow.data.origin import with_origin
from winnow.schema.errors import DataError

ENDINGS = (".parquet", ".csv", ".csv.gz", ".tsv", ".tsv.gz")


def read_table_file(path: Path, told: Callable[[int], None] = lambda _: None) -> pa.Table:
    """All rows; every CSV column comes as text, so that an id such as `007` keeps its zeros.

    Args:
        path: the file.
        told: gets the number of bytes of the file that are read so far.

    Raises:
        DataError: there is no such file, its ending is unknown, or its content is not what the ending says.
    """
    if not path.is_file():
        there = sorted(each.name for each in path.parent.iterdir()) if path.parent.is_dir() else []
        raise DataError(f"There is no file {path}; its folder holds: {', '.join(there) or 'nothing'}.")
    if not path.name.endswith(ENDINGS):
        raise DataError(f"The file {path} is of no known kind; wanted is one of: {', '.join(ENDINGS)}.")
    if not path.stat().st_size:
        raise DataError(f"The file {path} is empty, without even a header.")
    read = _read_parquet if path.suffix == ".parquet" else read_csv_file
    try:
        return read(path, told)
    except (pa.ArrowException, OSError, EOFError) as error:
        raise DataError(f"The file {path} cannot be read: {error}.") from error


def _read_parquet(path: Path, told: Callable[[int], None]) -> pa.Table:
    size, groups = path.stat().st_size, list[pa.Table]()
    with pq.ParquetFile(path) as file:
        for group in range(file.num_row_groups):
            groups.append(file.read_row_group(group))
            told(size * len(groups) // file.num_row_groups)
        return with_origin(pa.concat_tables(groups) if groups else file.read(), path)
