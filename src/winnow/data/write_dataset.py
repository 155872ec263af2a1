"""Writes a Dataset as a folder that opens again as the same Dataset."""

import json
import tempfile
from pathlib import Path

import pyarrow.parquet as pq

from winnow.data.dataset import Dataset
from winnow.data.tables import SCHEMA_FILE
from winnow.schema.errors import DataError
from winnow.schema.schema_file import write_schema_file

FILES = {"users": "users.parquet", "items": "items.parquet", "events": "events.parquet"}
REPORT_FILE = "report.json"


def write_dataset(dataset: Dataset, folder: Path, *, force: bool = False) -> None:
    """Write three Parquet files, the schema and the report; the folder appears whole or not at all.

    Args:
        dataset: what to write.
        folder: made when it is not there.
        force: replace a data set that was written here before.

    Raises:
        DataError: the folder holds a data set and `force` is not given, or it holds something else, or is a file.
    """
    _check_target(folder, force=force)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}.") as scratch:
        new, old = Path(scratch) / "new", Path(scratch) / "old"
        _write_files(dataset, new)
        if folder.exists():
            folder.rename(old)
        try:
            new.rename(folder)
        except BaseException:
            if old.exists():
                old.rename(folder)
            raise


def _write_files(dataset: Dataset, folder: Path) -> None:
    folder.mkdir()
    for table, name in FILES.items():
        pq.write_table(getattr(dataset, table), folder / name, compression="zstd")
    write_schema_file(dataset.schema, FILES, folder / SCHEMA_FILE)
    report = {"digest": dataset.digest, "source": dataset.source, **dataset.report.to_dict()}
    (folder / REPORT_FILE).write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")


def _check_target(folder: Path, *, force: bool) -> None:
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
