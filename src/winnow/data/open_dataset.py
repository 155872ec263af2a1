"""Opens a folder of data, whatever its layout, or a file of sequences."""

import time
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from winnow.data.dataset import Dataset
from winnow.data.retail_demo_store import EVENTS_FILE, ITEMS_FILE, RETAIL_SCHEMA, USERS_FILE, read_retail_demo_store
from winnow.data.sequences import SEQUENCE_SCHEMA, read_sequences
from winnow.data.table_file import ENDINGS
from winnow.data.tables import SCHEMA_FILE, read_tables
from winnow.data.validation import validated
from winnow.schema.errors import DataError
from winnow.schema.places import NOWHERE
from winnow.schema.progress import Progress, silent

NO_SEQUENCES = (*ENDINGS, ".yaml", ".yml", ".json", ".jsonl", ".xlsx", ".zip")
"""Endings of files that are something else for certain."""


def open_dataset(
    path: Path, schema_path: Path | None = None, progress: Progress = silent, coming: Iterable[str] = ()
) -> Dataset:
    """Read and check a folder, or a file of sequences.

    Args:
        path: a folder with `schema.yaml` and the files that it names, or with the Retail Demo Store's files; or a file
            with one line a user, `user item item item ...`, in order of time.
        schema_path: a schema file elsewhere, instead of one in the folder; its file names are relative to `path`.
        progress: told while files are read and after every check.
        coming: ids of items that the caller adds to the data set; their events are kept.

    Raises:
        SchemaError: the schema file is wrong.
        DataError: the layout is unknown, or the data cannot be used; the message lists all problems.
    """
    if not path.is_dir():
        _check_sequences(path, schema_path)
    schema_file = "" if schema_path is None else str(schema_path.resolve())
    if schema_path is None and (path / SCHEMA_FILE).is_file():
        schema_path = path / SCHEMA_FILE
    if path.is_file():
        raw, schema, places = read_sequences(path, progress), SEQUENCE_SCHEMA, NOWHERE
    elif schema_path is not None:
        raw, described = read_tables(path, schema_path, progress)
        schema, places = described.schema, described.places
    elif all((path / name).is_file() for name in (ITEMS_FILE, EVENTS_FILE)):
        raw, schema, places = read_retail_demo_store(path, progress), RETAIL_SCHEMA, NOWHERE
    else:
        raise _unknown_layout(path)
    raw = replace(raw, coming=tuple(coming))
    source, now = str(path.resolve()), time.time()
    dataset = validated(raw, schema, source=source, now=now, places=places, progress=progress)
    return replace(dataset, schema_file=schema_file)


def _check_sequences(path: Path, schema_path: Path | None) -> None:
    """Refuses what cannot be a file of sequences."""
    if not path.is_file():
        raise DataError(f"The data folder {path} does not exist.")
    if schema_path is not None or path.name.lower().endswith(NO_SEQUENCES):
        raise DataError(
            f"{path} is a file; give the folder that it is in, or a file of sequences: a line for each user, user item "
            "item item ..., which needs no schema."
        )


def _unknown_layout(path: Path) -> DataError:
    there = sorted(each.name for each in path.iterdir())
    return DataError(
        f"The folder {path} has no layout that is known here. Looked for: {SCHEMA_FILE} with the files that it names, "
        f"or {ITEMS_FILE}, {USERS_FILE} and {EVENTS_FILE} of the Retail Demo Store. It holds: "
        f"{', '.join(there) or 'nothing'}. Put a {SCHEMA_FILE} there that says what your files mean."
    )
