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
        folder: made when it is not there; replaced when it holds an older dataset of ours.
        force: replace a folder whatever it holds.

    Raises:
        DataError: the folder holds something else, or is a file.
    """
    if not force:
        _refuse_foreign(folder)
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


def _refuse_foreign(folder: Path) -> None:
    ours = {*FILES.values(), SCHEMA_FILE, REPORT_FILE}
    if folder.exists() and not folder.is_dir():
        raise DataError(f"{folder} is a file; give the name of a folder.")
    foreign = sorted(each.name for each in folder.iterdir() if each.name not in ours) if folder.is_dir() else []
    if foreign:
        raise DataError(
            f"The folder {folder} holds something else ({', '.join(foreign[:5])}); give another name, or force it to "
            "be replaced."
        )
