"""Files of the event log: read, and written so that they appear whole."""

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from uuid import uuid4

import pyarrow as pa
import pyarrow.parquet as pq

from winnow.schema.errors import DataError
from winnow.stores.synced_folder import sync_folder

UNFINISHED = ".part-*.tmp"
"""What files are called until they are whole; a crash may leave some."""


def read_part(path: Path, columns: Sequence[str] | None = None) -> pa.Table:
    """A file of the log, or some of its columns.

    Raises:
        DataError: it is damaged.
    """
    try:
        return pq.ParquetFile(path).read(columns=columns)
    except (pa.ArrowException, OSError) as error:
        raise DataError(f"{path} is no whole file of the event log: {error}. Restore it from a copy.") from error


def content_of(table: pa.Table) -> bytes:
    """A table as a file holds it."""
    buffer = BytesIO()
    pq.write_table(table, buffer, compression="zstd")
    return buffer.getvalue()


def staged(target: Path, content: bytes) -> tuple[Path, Path]:
    """A file that is on disk and does not count yet, and the name under which it will.

    Raises:
        OSError: it cannot be written; there is no trace of it.
    """
    temporary = target.with_name(UNFINISHED.replace("*", uuid4().hex))
    try:
        temporary.write_bytes(content)
        sync_folder(temporary)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
    return temporary, target


def publish(files: Sequence[tuple[Path, Path]]) -> None:
    """Lets files count that were `staged`; when it returns their names are on disk."""
    for temporary, target in files:
        temporary.replace(target)
    for folder in {target.parent for _, target in files}:
        sync_folder(folder)
