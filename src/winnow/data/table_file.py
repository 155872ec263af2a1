"""Reads a table: one file, Parquet, CSV or TSV, the last two compressed or not, or a folder of such files."""

from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from winnow.data.csv_file import read_csv_file
from winnow.data.origin import with_origin
from winnow.schema.errors import DataError

ENDINGS = (".parquet", ".csv", ".csv.gz", ".tsv", ".tsv.gz")


def read_table(path: Path, told: Callable[[int], None] = lambda _: None) -> pa.Table:
    """All rows of a file, or of all files of a folder in the order of their names.

    Args:
        path: the file or folder.
        told: gets the number of bytes that are read so far.

    Raises:
        DataError: a file cannot be read, the folder holds none, or its files differ in their columns.
    """
    if not path.is_dir():
        return read_table_file(path, told)
    files = sorted(each for each in path.iterdir() if each.name.endswith(ENDINGS))
    if not files:
        raise DataError(f"The folder {path} holds no table; wanted are files that end in one of: {', '.join(ENDINGS)}.")
    tables, before = list[pa.Table](), 0
    for file in files:
        start = before
        tables.append(read_table_file(file, lambda read, start=start: told(start + read)))
        before += file.stat().st_size
    try:
        return with_origin(pa.concat_tables(tables, promote_options="none"), path)
    except pa.ArrowInvalid as error:
        odd = next(file for file, table in zip(files, tables, strict=True) if table.schema != tables[0].schema)
        problem = f"{odd} and {files[0]} differ in their columns or types; the parts of a table are alike."
        raise DataError(problem) from error


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
