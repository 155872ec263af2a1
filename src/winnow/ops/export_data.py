"""The job behind `winnow data export`."""

from pathlib import Path

from rich.console import Console

from winnow.data.export_retail_demo_store import check_export_target, export_retail_demo_store
from winnow.data.open_dataset import open_dataset
from winnow.data.report import DataReport
from winnow.ops.progress_bars import progress_bars


def export_data(
    data: Path, schema: Path | None, console: Console, *, out: Path, force: bool = False
) -> tuple[DataReport, tuple[str, ...]]:
    """Reads and checks a folder, and writes it in the layout of the Retail Demo Store.

    Args:
        data: folder with the raw files.
        schema: a schema file elsewhere, instead of one in the folder.
        console: where the progress bars are drawn.
        out: folder to write.
        force: replace what was exported there before.

    Returns:
        What was read and dropped, and sentences about what the layout's own columns cannot say.

    Raises:
        SchemaError: the schema file is wrong.
        DataError: the data cannot be used, or the target is taken, which is found before anything is read, or the
            layout's files cannot hold the data.
    """
    check_export_target(out, force=force)
    with progress_bars(console) as progress:
        dataset = open_dataset(data, schema, progress)
        losses = export_retail_demo_store(dataset, out, progress, force=force)
    return dataset.report, losses
