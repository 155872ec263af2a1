"""The job behind `winnow data import` and `winnow data check`."""

from pathlib import Path

from rich.console import Console

from winnow.data.open_dataset import open_dataset
from winnow.data.report import DataReport
from winnow.data.write_dataset import check_data_target, write_dataset
from winnow.ops.progress_bars import progress_bars


def import_data(
    data: Path, schema: Path | None, console: Console, *, out: Path | None = None, force: bool = False
) -> DataReport:
    """Reads and checks a folder, and writes a clean data set where a target is given.

    Args:
        data: folder with the raw files.
        schema: a schema file elsewhere, instead of one in the folder.
        console: where the progress bars are drawn.
        out: folder to write; nothing is written without one.
        force: replace a data set that was written there before.

    Raises:
        SchemaError: the schema file is wrong.
        DataError: the data cannot be used, or the target is taken, which is found before anything is read.
    """
    if out is not None:
        check_data_target(out, force=force)
    with progress_bars(console) as progress:
        dataset = open_dataset(data, schema, progress)
        if out is not None:
            write_dataset(dataset, out, progress, force=force)
    return dataset.report
