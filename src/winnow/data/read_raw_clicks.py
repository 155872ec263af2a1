"""Reads files of clicks piece by piece, so that the text of all rows is never in memory at once."""

import re
import zlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pv
import pyarrow.parquet as pq

from winnow.data.click_table_form import ClickTableForm
from winnow.data.csv_form import csv_form_of, opened
from winnow.data.raw_clicks import RawClicks
from winnow.schema.errors import DataError

ENDINGS = (".tsv", ".tsv.gz", ".parquet")
HEAD_BYTES, BLOCK_BYTES, BATCH_ROWS = 1 << 20, 16 << 20, 1 << 17
SHOWN = 200


def click_files(path: Path) -> list[Path]:
    """The file itself, or the files of a folder in the order of their names, day_2 before day_10.

    Raises:
        DataError: there is none, or its ending is unknown.
    """
    if path.is_dir():
        files = [each for each in path.iterdir() if each.name.endswith(ENDINGS)]
        if not files:
            raise DataError(f"The folder {path} holds no table of clicks; wanted are files in {', '.join(ENDINGS)}.")
        return sorted(files, key=_days_last)
    if not path.is_file():
        there = sorted(each.name for each in path.parent.iterdir()) if path.parent.is_dir() else []
        raise DataError(f"There is no file {path}; its folder holds: {', '.join(there) or 'nothing'}.")
    if not path.name.endswith(ENDINGS):
        raise DataError(f"The file {path} is of no known kind; a table of clicks ends in one of: {', '.join(ENDINGS)}.")
    return [path]


def _days_last(file: Path) -> tuple[list[tuple[int, str]], str]:
    """Numbers in names count as numbers: as text day_10 comes before day_2, and rows would be out of order."""
    parts = re.split(r"([0-9]+)", file.name)
    return [(int(part), "") if part.isdecimal() else (0, part) for part in parts], file.name


def read_raw_clicks(file: Path, form: ClickTableForm) -> Iterator[RawClicks]:
    """The rows of one file, in order.

    Raises:
        DataError: it is empty or damaged, lacks a column, or a line has another number of columns.
    """
    if not file.stat().st_size:
        raise DataError(f"The file {file} is empty; take it away or bring its rows.")
    read = _parquet if file.suffix == ".parquet" else _tsv
    try:
        yield from read(file, form)
    except (pa.ArrowException, OSError, EOFError, zlib.error) as error:
        if file.suffix != ".parquet":
            csv_form_of(file)  # says of a wrong byte in which line it is, which Arrow cannot
        raise DataError(f"The file {file} cannot be read: {error}.") from error


def unused_columns(file: Path, form: ClickTableForm) -> tuple[str, ...]:
    """Columns that the form does not mention.

    Raises:
        DataError: the file lacks a column, or has it twice.
    """
    try:
        names = pq.read_schema(file).names if file.suffix == ".parquet" else _tsv_names(file, form)[0]
    except (pa.ArrowException, OSError, EOFError, zlib.error) as error:
        raise DataError(f"The file {file} cannot be read: {error}.") from error
    _check_names(file, names, form)
    return tuple(name for name in names if name not in form.columns)


def _parquet(file: Path, form: ClickTableForm) -> Iterator[RawClicks]:
    first = 1
    with pq.ParquetFile(file) as parquet:
        _check_names(file, parquet.schema_arrow.names, form)
        for batch in parquet.iter_batches(BATCH_ROWS, columns=list(form.columns)):
            table = pa.Table.from_batches([batch])
            yield RawClicks(file=file, counted_in="row", first=first, table=table)
            first += len(table)


def _tsv(file: Path, form: ClickTableForm) -> Iterator[RawClicks]:
    names, header = _tsv_names(file, form)
    _check_names(file, names, form)
    first, uneven = header + 1, list[pv.InvalidRow]()
    try:
        for batch in _opened_tsv(file, names, header, uneven.append):
            table = pa.Table.from_batches([batch])
            yield RawClicks(file=file, counted_in="line", first=first, table=table.select(list(form.columns)))
            first += len(table)
    except pa.ArrowInvalid as error:
        if not uneven:
            raise
        csv_form_of(file)
        raise DataError(_uneven(file, names, header)) from error


def _opened_tsv(
    file: Path, names: Sequence[str], header: int, told: Callable[[pv.InvalidRow], None], threads: bool = True
) -> pv.CSVStreamingReader:
    # No quotes and no line breaks in values: a row is a line, whatever is in it.
    return pv.open_csv(
        pa.CompressedInputStream(pa.OSFile(str(file)), "gzip") if file.suffix == ".gz" else pa.OSFile(str(file)),
        read_options=pv.ReadOptions(
            column_names=list(names), skip_rows=header, block_size=BLOCK_BYTES, use_threads=threads
        ),
        parse_options=pv.ParseOptions(
            delimiter="\t",
            quote_char=False,
            ignore_empty_lines=False,
            invalid_row_handler=lambda row: told(row) or "error",
        ),
        convert_options=pv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()), null_values=[""], strings_can_be_null=True
        ),
    )


def _tsv_names(file: Path, form: ClickTableForm) -> tuple[Sequence[str], int]:
    """The columns of a file, and how many lines its header has: one if the label's name is in it, else none."""
    with opened(file) as text:
        line = text.readline(HEAD_BYTES).decode("utf-8", "replace").removeprefix("\ufeff").rstrip("\r\n")
    fields = line.split("\t")
    return (fields, 1) if form.label in fields else (form.columns, 0)


def _check_names(file: Path, names: Sequence[str], form: ClickTableForm) -> None:
    for name in form.columns:
        if (count := list(names).count(name)) != 1:
            problem = f"has {count} columns named" if count else "has no column"
            raise DataError(
                f"The file {file} {problem} '{name}'; it has: {', '.join(names)}. Say in a ClickTableForm what its "
                "columns are called."
            )


def _uneven(file: Path, names: Sequence[str], header: int) -> str:
    """Reads again with one thread, since with several Arrow does not know the line."""
    found = list[pv.InvalidRow]()
    try:
        for _ in _opened_tsv(file, names, header, found.append, threads=False):
            pass
    except pa.ArrowInvalid:
        pass
    row = found[0]
    wanted = "of the header" if header else f"that are wanted, {names[0]} to {names[-1]}"
    return (
        f"{file}, line {row.number} has {row.actual_columns} columns, not the {row.expected_columns} {wanted}: "
        f"{row.text[:SHOWN]!r}. Columns stand apart by one tab, and a missing value is an empty one; say in a "
        "ClickTableForm which columns there are."
    )
