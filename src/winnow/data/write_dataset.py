"""Writes a Dataset as a folder that opens again as the same Dataset."""

import json
from pathlib import Path

import pyarrow.parquet as pq

from winnow.data.dataset import Dataset
from winnow.data.tables import SCHEMA_FILE
from winnow.data.whole_folder import check_folder, whole_folder
from winnow.data.write_pictures import PICTURES, write_pictures
from winnow.schema.progress import Progress, silent
from winnow.schema.schema_file import write_schema_file

FILES = {
    "users": "users.parquet",
    "items": "items.parquet",
    "events": "events.parquet",
    "impressions": "impressions.parquet",
}
REPORT_FILE = "report.json"
ROWS_AT_ONCE = 1_000_000


def write_dataset(dataset: Dataset, folder: Path, progress: Progress = silent, *, force: bool = False) -> None:
    """Write Parquet files, the pictures, the schema and the report; the folder appears whole or not at all.

    Args:
        dataset: what to write.
        folder: made when it is not there.
        progress: told while rows and pictures are written.
        force: replace a data set that was written here before.

    Raises:
        DataError: the folder holds a data set and `force` is not given, or it holds something else, or is a file.
    """
    check_data_target(folder, force=force)
    with whole_folder(folder) as new:
        _write_files(dataset, new, progress)


def _write_files(dataset: Dataset, folder: Path, progress: Progress) -> None:
    files = {table: name for table, name in FILES.items() if getattr(dataset, table) is not None}
    tables = {name: getattr(dataset, table) for table, name in files.items()}
    done, total = 0, sum(table.num_rows for table in tables.values())
    for name, table in tables.items():
        with pq.ParquetWriter(folder / name, table.schema, compression="zstd") as writer:
            for start in range(0, max(table.num_rows, 1), ROWS_AT_ONCE):
                writer.write_table(table.slice(start, ROWS_AT_ONCE))
                progress("Writing rows", done + min(start + ROWS_AT_ONCE, table.num_rows), total)
        done += table.num_rows
    media = write_pictures(dataset, folder, progress)
    write_schema_file(dataset.schema, files, folder / SCHEMA_FILE, media)
    write_report(dataset, folder)


def write_report(dataset: Dataset, folder: Path) -> None:
    """Write where a data set came from, its digest, and what was dropped and why."""
    report = {"digest": dataset.digest, "source": dataset.source, **dataset.report.to_dict()}
    (folder / REPORT_FILE).write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")


def check_data_target(folder: Path, *, force: bool) -> None:
    """Whether a data set may be written here, asked before long work.

    Raises:
        DataError: the folder holds a data set and `force` is not given, or it holds something else, or is a file.
    """
    check_folder(folder, {*FILES.values(), PICTURES, SCHEMA_FILE, REPORT_FILE}, marker=REPORT_FILE, force=force)
