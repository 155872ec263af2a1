"""The evaluation job: a bundle against the data it was trained on, the report kept beside it."""

import json
from dataclasses import replace
from pathlib import Path

from winnow.bundle.bundle import ATTACHMENTS, EVALUATION, Bundle
from winnow.data.open_dataset import open_dataset
from winnow.data.split import SplitKind, split_from_dict
from winnow.engine.open_engine import open_engine
from winnow.evaluation.check_data import check_data
from winnow.evaluation.check_protocol import check_protocol
from winnow.evaluation.evaluate import evaluate
from winnow.evaluation.leaks.find_leaks import find_leaks
from winnow.evaluation.leaks.trained_on import TrainedOn
from winnow.evaluation.reliability_plot import reliability_plot
from winnow.evaluation.report import Report, SeenMode
from winnow.ops.leak_check import LEAKS, refuse_leaks
from winnow.ops.writable_file import check_writable
from winnow.training.progress import Progress, one_step

PLOT = "reliability.svg"
"""Beside the report: whether chances of a click are what they say."""


def evaluate_bundle(  # noqa: PLR0913 - one for each option of the command
    bundle: Path,
    seen: tuple[SeenMode, ...] | None,
    progress: Progress,
    *,
    data: Path | None = None,
    schema: Path | None = None,
    rows_file: Path | None = None,
    allow_leaks: bool = False,
) -> Report:
    """Looks for leaks, evaluates on the bundle's own split and attaches the report.

    Args:
        bundle: its folder.
        seen: what to do with items that users had in training; by default what fits the split.
        progress: told after every step.
        data: the data set; where it was read for training by default.
        schema: its schema file, if it lies elsewhere; likewise.
        rows_file: gets the rows of the report as JSON.
        allow_leaks: go on where something leaks; every table of the report then says so.

    Raises:
        BundleError: the bundle cannot be opened.
        DataError: the data is not that of the training.
        LeakError: something leaks and may not; mostly told before anybody is asked.
        OSError: the report has no place in the bundle, or `rows_file` cannot be written; told before the work.
    """
    opened = Bundle.open(bundle)
    check_writable(bundle / ATTACHMENTS / f"{EVALUATION}.json")
    if rows_file is not None:
        check_writable(rows_file)
    manifest = opened.manifest
    recorded = manifest.data
    source = data or Path(recorded["source"])
    if schema is None and recorded["schema_file"]:
        schema = Path(recorded["schema_file"])
    dataset = open_dataset(source, schema, progress)
    check_data(recorded["digest"], recorded["source"], dataset.digest, str(source))
    split = split_from_dict(manifest.split)
    with one_step(progress, LEAKS):
        before = find_leaks(dataset, split, TrainedOn.of(opened))
    refuse_leaks(before, allow=allow_leaks)
    report = evaluate(open_engine(bundle), dataset, split, seen=seen, progress=progress, seed=manifest.recipe["seed"])
    report = replace(report, leaks=before + report.leaks)
    refuse_leaks(report.leaks, allow=allow_leaks)
    opened.attach(EVALUATION, report.to_dict())
    _draw(report, bundle / ATTACHMENTS / PLOT)
    if rows_file is not None:
        rows_file.write_text(json.dumps(report.to_rows(), indent=1) + "\n", encoding="utf-8")
    return report


def _draw(report: Report, file: Path) -> None:
    """Writes the picture, or takes that of an earlier report away where this one has none."""
    picture = reliability_plot(report)
    if picture is None:
        file.unlink(missing_ok=True)
    else:
        file.write_text(picture, encoding="utf-8")


def check_bundle_protocol(bundle: Path, protocol: SplitKind) -> None:
    """Whether a bundle can be asked so, which its split decides.

    Raises:
        BundleError: the bundle cannot be opened.
        DataError: its split is of another kind.
    """
    check_protocol(split_from_dict(Bundle.open(bundle).manifest.split), protocol)
