"""Reads one file of rows: Parquet, CSV or TSV, the last two compressed or not."""

from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pv
import pyarrow.parquet as pq

from winnow.schema.errors import DataError

ENDINGS = (".parquet", ".csv", ".csv.gz", ".tsv", ".tsv.gz")


def read_table_file(path: Path) -> pa.Table:
    """All rows; every CSV column comes as text, so that an id such as `007` keeps its zeros.

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
    try:
        return pq.read_table(path) if path.suffix == ".parquet" else _read_csv(path)
    except (pa.ArrowException, OSError, EOFError, UnicodeDecodeError) as error:
        raise DataError(f"The file {path} cannot be read: {error}.") from error


def _read_csv(path: Path) -> pa.Table:
    bad_rows: list[pv.InvalidRow] = []
    parse = pv.ParseOptions(
        delimiter="\t" if ".tsv" in path.name else ",",
        newlines_in_values=True,
        invalid_row_handler=lambda row: bad_rows.append(row) or "skip",
    )
    names = pv.open_csv(path, parse_options=parse).schema.names
    bad_rows.clear()
    as_text = pv.ConvertOptions(
        column_types=dict.fromkeys(names, pa.string()), null_values=[""], strings_can_be_null=True
    )
    table = pv.read_csv(path, parse_options=parse, convert_options=as_text)
    if bad_rows:
        first = bad_rows[0]
        raise DataError(
            f"In the file {path}, {len(bad_rows):,} rows do not have the {first.expected_columns} columns of the "
            f"header; the first has {first.actual_columns}: {first.text[:200]!r}. Is there a separator in a value "
            "without quotes?"
        )
    return table
