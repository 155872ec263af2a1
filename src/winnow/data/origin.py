"""Which file a raw table came from, so that a problem can be found there."""

from pathlib import Path

import pyarrow as pa

FILE, FIRST_LINE = b"winnow.file", b"winnow.first_line"


def with_origin(table: pa.Table, path: Path, lines: int = 0, header: int = 1) -> pa.Table:
    """The same table, which now knows its file.

    Args:
        table: all rows of the file.
        path: the file.
        lines: of a text file; when there are as many as rows and those of the header, every row is one line.
        header: lines before the first row.
    """
    is_by_line = lines > 0 and lines == table.num_rows + header
    known = {FILE: path.name.encode("utf-8", "replace"), **({FIRST_LINE: str(header + 1)} if is_by_line else {})}
    own = {key: value for key, value in (table.schema.metadata or {}).items() if key not in {FILE, FIRST_LINE}}
    return table.replace_schema_metadata({**own, **known})


def origin_of(table: pa.Table, row: int) -> str:
    """Where the row, counted from 0, stands: "things.csv, line 3", "clicks.parquet, row 2", or "row 2" of no file.

    Rows are counted from 1 and without a header.
    """
    known = table.schema.metadata or {}
    if FILE not in known:
        return f"row {row + 1:,}"
    name = known[FILE].decode()
    return f"{name}, line {row + int(known[FIRST_LINE])}" if FIRST_LINE in known else f"{name}, row {row + 1:,}"
