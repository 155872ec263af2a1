"""Reads the files of a shop and tells how far it is."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pyarrow as pa

from winnow.data.table_file import read_table
from winnow.schema.progress import Progress


def read_files(paths: Mapping[str, Path], progress: Progress) -> dict[str, pa.Table]:
    """The tables by name.

    Raises:
        DataError: a file is missing or cannot be read.
    """
    sizes = {name: _size(path) for name, path in paths.items()}
    tables: dict[str, pa.Table] = {}
    for name, path in paths.items():
        before = sum(sizes[each] for each in tables)
        tables[name] = read_table(path, _told(progress, before, sum(sizes.values())))
    return tables


def _size(path: Path) -> int:
    files = path.iterdir() if path.is_dir() else (path,)
    return sum(file.stat().st_size for file in files if file.is_file())


def _told(progress: Progress, before: int, total: int) -> Callable[[int], None]:
    return lambda read: progress("Reading data, MB", _megabytes(before + read), _megabytes(total))


def _megabytes(count: int) -> int:
    """Rounded up, so that the smallest file is one step."""
    return -(-count // 1_000_000)
