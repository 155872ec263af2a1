"""Writes a Dataset as a folder that opens again as the same Dataset."""

import json
import tempfile
from pathlib import Path

import pyarrow.parquet as pq

from winnow.data.dataset import Dataset
from winnow.data.tables import SCHEMA_FILE
from winnow.schema.errors import DataError
from winnow.schema.progress import Progress, silent
from winnow.schema.schema_file import write_schema_file

FILES = {"users": "users.parquet", "items": "items.parquet", "events": "events.parquet"}
REPORT_FILE = "report.json"
ROWS_AT_ONCE = 1_000_000


def write_dataset(dataset: Dataset, folder: Path, progress: Progress = silent, *, force: bool = False) -> None:
    """Write three Parquet files, the schema and the report; the folder appears whole or not at all.

    Args:
        dataset: what to write.
        folder: made when it is not there.
        progress: told while rows are written.
        force: replace a data set that was written here before.

    Raises:
        DataError: the folder holds a data set and `force` is not given, or it holds something else, or is a file.
    """
    check_data_target(folder, force=force)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}.") as scratch:
        new, old = Path(scratch) / "new", Path(scratch) / "old"
        _write_files(dataset, new, progress)
        if folder.exists():
            folder.rename(old)
        try:
            new.rename(folder)
        except BaseException:
            if old.exists():
                old.rename(folder)
            raise


def _write_files(dataset: Dataset, folder: Path, progress: Progress) -> None:
    folder.mkdir()
    tables = {name: getattr(dataset, table) for table, name in FILES.items()}
    done, total = 0, sum(table.num_rows for table in tables.values())
    for name, table in tables.items():
        with pq.ParquetWriter(folder / name, table.schema, compression="zstd") as writer:
            for start in range(0, max(table.num_rows, 1), ROWS_AT_ONCE):
                writer.write_table(table.slice(start, ROWS_AT_ONCE))
                progress("Writing rows", done + min(start + ROWS_AT_ONCE, table.num_rows), total)
        done += table.num_rows
    write_schema_file(dataset.schema, FILES, folder / SCHEMA_FILE)
    report = {"digest": dataset.digest, "source": dataset.source, **dataset.report.to_dict()}
    (folder / REPORT_FILE).write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")


def check_data_target(folder: Path, *, force: bool) -> None:
    """Whether a data set may be written here, asked before long work.

    Raises:
        DataError: the folder holds a data set and `force` is not given, or it holds something else, or is a file.
    """
    ours = {*FILES.values(), SCHEMA_FILE, REPORT_FILE}
    if folder.exists() and not folder.is_dir():
        raise DataError(f"{folder} is a file; give the name of a folder.")
    there = {each.name for each in folder.iterdir()} if folder.is_dir() else set[str]()
    foreign = sorted(there - ours)
    if foreign or (there and REPORT_FILE not in there):
        raise DataError(
            f"The folder {folder} holds something else ({', '.join((foreign or sorted(there))[:5])}); nothing was "
            "written. Give another name."
        )
    if there and not force:
        raise DataError(f"{folder} already holds a data set; nothing was written. Give another name or use --force.")
