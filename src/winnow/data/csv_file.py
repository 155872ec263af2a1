"""Reads one CSV or TSV file, every column as text."""

from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pv

from winnow.data.csv_form import SEPARATORS, CsvForm, csv_form_of
from winnow.data.origin import with_origin
from winnow.schema.errors import DataError

BLOCK_BYTES = 8 << 20
SHOWN = 200


def read_csv_file(path: Path, told: Callable[[int], None]) -> pa.Table:
    """All rows.

    Args:
        path: a file that ends in .csv or .tsv, or in one of these and .gz.
        told: gets the number of bytes of the file that are read so far.

    Raises:
        DataError: it is not UTF-8 or UTF-16 text, its separator is unclear, or rows are of another length.
    """
    form, bad_rows = csv_form_of(path), list[pv.InvalidRow]()
    parse = pv.ParseOptions(
        delimiter=form.separator,
        newlines_in_values=True,
        invalid_row_handler=lambda row: bad_rows.append(row) or "skip",
    )
    table = _read(path, form, parse, told, _names(path, form, parse))
    if bad_rows:
        raise DataError(_uneven(path, form, bad_rows))
    return with_origin(table, path, form.lines)


def _names(path: Path, form: CsvForm, parse: pv.ParseOptions) -> list[str]:
    names = pv.open_csv(
        _stream(path, pa.OSFile(str(path))),
        read_options=pv.ReadOptions(encoding=form.encoding),
        parse_options=pv.ParseOptions(
            delimiter=parse.delimiter, newlines_in_values=True, invalid_row_handler=lambda _: "skip"
        ),
    ).schema.names
    if len(names) == 1 and not names[0].strip():
        raise DataError(f"The file {path} has no column names in its first line; a header is wanted.")
    return names


def _read(path: Path, form: CsvForm, parse: pv.ParseOptions, told: Callable[[int], None], names: list[str]) -> pa.Table:
    file = pa.OSFile(str(path))
    reader = pv.open_csv(
        _stream(path, file),
        read_options=pv.ReadOptions(encoding=form.encoding, block_size=BLOCK_BYTES),
        parse_options=parse,
        convert_options=pv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()), null_values=[""], strings_can_be_null=True
        ),
    )
    batches: list[pa.RecordBatch] = []
    for batch in reader:
        batches.append(batch)
        told(file.tell())
    return pa.Table.from_batches(batches, reader.schema)


def _stream(path: Path, file: pa.NativeFile) -> pa.NativeFile:
    return pa.CompressedInputStream(file, "gzip") if path.suffix == ".gz" else file


def _uneven(path: Path, form: CsvForm, bad_rows: list[pv.InvalidRow]) -> str:
    first = bad_rows[0]
    return (
        f"In the file {path}, {len(bad_rows):,} rows do not have the {first.expected_columns} columns of the header; "
        f"the first has {first.actual_columns}: {first.text[:SHOWN]!r}. Is there a {SEPARATORS[form.separator]} in a "
        "value without quotes?"
    )
