"""The part `clicks` of a bundle: what was learned from what was shown."""

import numpy as np
import pyarrow as pa
from torch import Tensor

from winnow.bundle.writer import BundleWriter
from winnow.data.dataset import AT, Dataset
from winnow.data.split import Split, TimeSplit
from winnow.engine.click_knowledge import LOOKS_FILE
from winnow.models.looks import PLACES
from winnow.pipeline.click_hydrators import CLICKS
from winnow.stores.user_vectors import UserVectors
from winnow.training.click_batches import ClickBatches
from winnow.training.clicks import Clicks, train_clicks
from winnow.training.clicks_config import ClicksConfig
from winnow.training.export import export_model, exported_clicks
from winnow.training.impression_rows import impression_rows
from winnow.training.progress import Progress, counted
from winnow.training.training_set import TrainingSet


def training_clicks(dataset: Dataset, split: Split, data: TrainingSet, config: ClicksConfig) -> ClickBatches | None:
    """Batches of the impressions of the training time; None where none are logged, or where time is not cut."""
    if dataset.impressions is None or not isinstance(split, TimeSplit):
        return None
    earlier = dataset.impressions[AT].to_numpy() < split.train_until
    rows = impression_rows(dataset, dataset.impressions.filter(pa.array(earlier)), data)
    return ClickBatches.of(data, rows, config, split.train_until)


def write_click_part(
    writer: BundleWriter, batches: ClickBatches, config: ClicksConfig, seed: int, progress: Progress
) -> dict[str, float]:
    """Trains the click model and writes what was learned; returns what was measured.

    Args:
        writer: of the bundle.
        batches: of impressions; all of them are learned from.
        config: of the training.
        seed: likewise.
        progress: told after every step.
    """
    learned = train_clicks(batches, np.arange(len(batches.rows)), config, seed, progress)
    _write(writer, batches, learned, progress)
    return dict(learned.metrics)


def _write(writer: BundleWriter, batches: ClickBatches, learned: Clicks, progress: Progress) -> None:
    folder, advance = writer.part(CLICKS), counted(progress, "Writing the click model", 10)
    export_model(exported_clicks(learned.model, *_sample(batches)), folder, advance)
    known = np.flatnonzero(learned.tastes.users[:-1].any(axis=1))
    users = tuple(batches.data.user_ids[row] for row in known.tolist())
    UserVectors(user_ids=users, vectors=learned.tastes.users[known]).save(folder)
    learned.tastes.space.save(folder)
    batches.shown.last.save(folder)
    learned.calibrator.save(folder)
    np.save(folder / LOOKS_FILE, learned.looked(np.arange(PLACES + 1)), allow_pickle=False)


def _sample(batches: ClickBatches) -> tuple[dict[str, Tensor], dict[str, Tensor]]:
    """Arrays of two requests, and of two candidates of each."""
    arrays = batches(np.resize(np.arange(len(batches.rows)), 4))
    of_candidates = {name for name in arrays if name.startswith("item_") or name in ("likeness", "shown")}
    request = {name: each[:2] for name, each in arrays.items() if name not in of_candidates}
    return request, {name: arrays[name].reshape(2, 2, -1) for name in arrays if name in of_candidates}
