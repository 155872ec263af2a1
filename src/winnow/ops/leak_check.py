"""Jobs look for leaks before they spend an hour on figures that would be flattered."""

from pathlib import Path

from rich.console import Console

from winnow.data.dataset import Dataset
from winnow.data.open_dataset import open_dataset
from winnow.data.report import DataReport
from winnow.data.split import Split, split_by_time
from winnow.evaluation.leaks.find_leaks import find_leaks
from winnow.evaluation.leaks.leak_report import LeakReport
from winnow.ops.progress_bars import progress_bars
from winnow.training.progress import Progress, one_step

LEAKS = "Looking for leaks"
REMEDY = (
    "Mend that in the data, take the column out of the schema, or go on with --allow-leaks, which labels every table "
    "of the report."
)


def check_leaks(dataset: Dataset, split: Split, progress: Progress, *, allow: bool) -> LeakReport:
    """Looks at data and split before anything is trained.

    Raises:
        LeakError: something leaks and may not.
    """
    with one_step(progress, LEAKS):
        found = find_leaks(dataset, split)
    refuse_leaks(found, allow=allow)
    return found


def check_leaks_of_folder(
    data: Path, schema: Path | None, console: Console, holdout_days: float
) -> tuple[DataReport, LeakReport]:
    """Reads a folder, and tells of leaks without refusing them.

    Raises:
        SchemaError: the schema file is wrong.
        DataError: the data cannot be used, or cannot be split so.
    """
    with progress_bars(console) as progress:
        dataset = open_dataset(data, schema, progress)
        return dataset.report, check_leaks(dataset, split_by_time(dataset, holdout_days), progress, allow=True)


def refuse_leaks(found: LeakReport, *, allow: bool) -> None:
    """Stops where something leaks, unless that is allowed.

    Raises:
        LeakError: names every leak, its evidence, and how to go on.
    """
    if not allow:
        found.refuse(REMEDY)
