"""The part `clicks` of a bundle: what was learned from what was shown."""

from bisect import bisect_left
from pathlib import Path

import numpy as np
import pyarrow as pa
import torch

from winnow.bundle.writer import BundleWriter
from winnow.data.dataset import AT, PROPENSITY, Dataset
from winnow.data.positive_outcomes import further_outcomes
from winnow.data.split import Split, TimeSplit
from winnow.engine.click_knowledge import ITEMS_FOLDER, LOOKS_FILE
from winnow.models.click_model import ClickModel
from winnow.models.looks import PLACES
from winnow.pipeline.click_hydrators import CLICKS
from winnow.pipeline.reranking_config import CLICK
from winnow.recipes.config import Config
from winnow.schema.errors import RecipeError
from winnow.training.click_batches import ClickBatches
from winnow.training.clicks import Clicks, train_clicks
from winnow.training.clicks_config import ClicksConfig
from winnow.training.export import Export, export_model, exported_click_items, exported_clicks
from winnow.training.impression_rows import impression_rows
from winnow.training.progress import Advance, Progress, counted
from winnow.training.propensity_weights import none_known
from winnow.training.training_set import TrainingSet


def check_worth(dataset: Dataset, split: Split, config: Config) -> None:
    """Before any work.

    Raises:
        RecipeError: the recipe says what outcomes are worth, and there will be no click model to tell their chances; or
            it will not tell those of an outcome.
    """
    worth = config.pipeline.reranking.worth
    if not worth:
        return
    if config.clicks is None or dataset.impressions is None or not isinstance(split, TimeSplit):
        raise RecipeError(
            f"The recipe '{config.name}' says what outcomes are worth, which takes a click model, and there will be "
            "none; one wants 'clicks' in the recipe, logged impressions, and a cut in time. Or take 'worth' out of it."
        )
    told = (CLICK, *further_outcomes(dataset.schema))
    if unknown := [name for name in worth if name not in told]:
        raise RecipeError(
            f"The recipe '{config.name}' says what '{unknown[0]}' is worth; with the positives of this shop, "
            f"{', '.join(dataset.schema.events.positives)}, there are chances of: {', '.join(told)}."
        )


def check_propensities(dataset: Dataset, split: Split, config: Config) -> None:
    """Before any work.

    Raises:
        DataError: the recipe weighs impressions by their propensities, and none of the training time is known.
    """
    cap, shown = config.clicks and config.clicks.propensity_cap, _earlier(dataset, split)
    if cap is None or shown is None:
        return
    if PROPENSITY not in shown.column_names or shown[PROPENSITY].null_count == shown.num_rows:
        raise none_known(cap, shown.num_rows)


def training_clicks(
    dataset: Dataset, split: Split, data: TrainingSet, config: ClicksConfig, folder: Path | None = None
) -> ClickBatches | None:
    """Batches of the impressions of the training time; None where none were logged by then, or time is not cut.

    Args:
        dataset: with its impressions.
        split: says which are of the training time.
        data: features.
        config: of the training.
        folder: on the disk that the rows are to lie on; None for the system's folder of temporary files.
    """
    shown = _earlier(dataset, split)
    if shown is None or not isinstance(split, TimeSplit):
        return None
    rows = impression_rows(dataset, shown, data, folder)
    return ClickBatches.of(data, rows, config, split.train_until)


def write_click_part(
    writer: BundleWriter,
    batches: ClickBatches,
    config: ClicksConfig,
    seed: int,
    progress: Progress,
    export: Export = export_model,
) -> Clicks:
    """Trains the click model, writes what was learned, and returns it.

    Args:
        writer: of the bundle.
        batches: of impressions; all of them are learned from.
        config: of the training.
        seed: likewise.
        progress: told after every step.
        export: leaves a model in its folder.
    """
    learned = train_clicks(batches, np.arange(len(batches.rows)), config, seed, progress)
    _write(writer, batches, learned, progress, export)
    return learned


def _earlier(dataset: Dataset, split: Split) -> pa.Table | None:
    """The impressions of the training time; None where there are none, or time is not cut."""
    shown = dataset.impressions
    if shown is None or not isinstance(split, TimeSplit):
        return None
    earlier = bisect_left(range(shown.num_rows), split.train_until, key=lambda row: shown[AT][row].as_py())
    return shown.slice(0, earlier) if earlier else None


def _write(writer: BundleWriter, batches: ClickBatches, learned: Clicks, progress: Progress, export: Export) -> None:
    folder, advance = writer.part(CLICKS), counted(progress, "Writing the click model", 20)
    _export(learned.model.eval(), batches, folder, advance, export)
    tastes = learned.tastes
    tastes.known(batches.data.user_ids).save(folder)
    tastes.space.save(folder)
    tastes.likings.save(folder)
    batches.shown.last.save(folder)
    learned.calibrator.save(folder)
    np.save(folder / LOOKS_FILE, learned.looked(np.arange(PLACES + 1)), allow_pickle=False)


def _export(model: ClickModel, batches: ClickBatches, folder: Path, advance: Advance, export: Export) -> None:
    """The item side, where items have one, and the scorer: what depends on the item alone is made once an item."""
    arrays = batches(np.resize(np.arange(len(batches.rows)), 2))
    of_items = {name: each[:, 0] for name, each in arrays.items() if name.startswith("item_")}
    with torch.no_grad():
        made = model.items(of_items)
        events = model.items.events(arrays)[:1] if model.items.event is not None else None
    if made:
        (folder / ITEMS_FOLDER).mkdir()
        export(exported_click_items(model.items, of_items), folder / ITEMS_FOLDER, advance)
    request = {name: arrays[name][:1] for name in arrays if name.startswith(("user_", "context_"))}
    if events is not None:
        request |= {"history_events": events, "history_present": arrays["history_present"][:1]}
    own = {name: arrays[name][:, 0] for name in ("item_values", "likeness", "shown") if name in arrays}
    told = {**own, **{name: each for name, each in made.items() if name != "item_event"}}
    candidates = {name: each.unsqueeze(0) for name, each in told.items()}
    export(exported_clicks(model.scorer, request, candidates), folder, advance)
