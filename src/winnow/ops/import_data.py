"""The job behind `winnow data import` and `winnow data check`."""

import tempfile
import time
from collections.abc import Collection, Generator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
from rich.console import Console

from winnow.data.dataset import Dataset
from winnow.data.open_dataset import open_dataset
from winnow.data.report import DataReport
from winnow.data.write_dataset import check_data_target, write_dataset
from winnow.ops.apply_changes import apply_changes
from winnow.ops.apply_events import apply_events
from winnow.ops.apply_impressions import apply_impressions
from winnow.ops.progress_bars import progress_bars
from winnow.ops.service_records import ServiceRecords
from winnow.serving.event_log.logged_events import logged_events
from winnow.serving.event_log.logged_lists import logged_lists
from winnow.serving.items.item_changes import ItemChanges

NO_RECORDS = ServiceRecords()


def import_data(
    data: Path,
    schema: Path | None,
    console: Console,
    *,
    out: Path | None = None,
    records: ServiceRecords = NO_RECORDS,
    force: bool = False,
) -> DataReport:
    """Reads and checks a folder, and writes a clean data set where a target is given.

    Args:
        data: folder with the raw files.
        schema: a schema file elsewhere, instead of one in the folder.
        console: where the progress bars are drawn.
        out: folder to write; nothing is written without one.
        records: of a service, which are taken into what is written.
        force: replace a data set that was written there before.

    Raises:
        SchemaError: the schema file is wrong.
        DataError: the data cannot be used, or the target is taken, which is found before anything is read; or an item
            of the state folder does not fit, or the event log is damaged.
    """
    if out is not None:
        check_data_target(out, force=force)
    told = None if records.changes is None else ItemChanges.read(records.changes)
    log = records.events
    logged = None if log is None else (logged_events(log), logged_lists(log))
    with progress_bars(console) as progress, _folder_beside(out if told else None) as media:
        coming = () if told is None else told.given
        dataset = open_dataset(data, schema, progress, coming)
        if out is not None:
            # First, for a withdrawn item joins the data set only where events name it.
            dataset = dataset if logged is None else _with_logged(dataset, *logged, coming)
            dataset = dataset if told is None else apply_changes(dataset, told, media)
            write_dataset(dataset, out, progress, force=force)
    return dataset.report


def _with_logged(dataset: Dataset, events: pa.Table, lists: pa.Table, coming: Collection[str]) -> Dataset:
    now = time.time()
    dataset, others = apply_impressions(dataset, events, lists, now, coming)
    return apply_events(dataset, others, lists, now, coming)


@contextmanager
def _folder_beside(out: Path | None) -> Generator[Path]:
    """An empty folder that goes in the end; on the disk of what is written, so that files need not be copied."""
    if out is not None:
        out.parent.mkdir(parents=True, exist_ok=True)
    near = None if out is None else out.parent
    with tempfile.TemporaryDirectory(dir=near, prefix=".winnow.") as folder:
        yield Path(folder)
