"""How likely clicks are in the demo's shop, whose truth is planted: what is learned beside what could be known."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pyarrow as pa
from rich.console import Console

from benchmarks.inputs import Inputs
from benchmarks.result import Result
from winnow.data.dataset import ITEM, Dataset
from winnow.data.open_dataset import open_dataset
from winnow.data.shop.click_model import probability
from winnow.data.shop.exposure import examination
from winnow.data.shop.impression_log import ImpressionLog
from winnow.data.shop.shop_spec import SIZES
from winnow.data.shop.write_shop import write_shop
from winnow.data.split import Split, train_events
from winnow.evaluation.planted import Planted
from winnow.features.encoders.vector_cache import VectorCache
from winnow.metrics.binary import auc, normalised_entropy
from winnow.metrics.reliability import calibration_error
from winnow.ops.progress_bars import progress_bars
from winnow.recipes.recipes import demo
from winnow.schema.column import Array
from winnow.schema.progress import Progress
from winnow.training.click_batches import ClickBatches
from winnow.training.clicks import Clicks, train_clicks
from winnow.training.clicks_config import ClicksConfig
from winnow.training.contents import encode_contents
from winnow.training.impression_rows import ImpressionRows, impression_rows
from winnow.training.training_set import training_set

GROUP = "rank.world"
QUALITY = True
SHOPS = 3
OURS, REFERENCE, ORACLE = "ours", "reference", "oracle"


def rows(inputs: Inputs) -> Iterator[Result]:
    """Shares of what the reference and the oracle reach on the impressions of the held-out week."""
    with progress_bars(Console(stderr=True)) as progress:
        found = [_measured(_shop(inputs.cache / GROUP, number, progress), progress) for number in range(SHOPS)]
    figures = {name: [each[name] for each in found] for name in found[0]}
    for name, values in figures.items():
        each = ", ".join(f"{value:.4f}" for value in values)
        yield Result(
            name=f"{GROUP}.{name}",
            value=float(np.mean(values)),
            unit="share",
            better="lower" if "ece" in name else "higher",
            how=f"impressions of the held-out week of {SHOPS} shops as the demo's, another seed each; {each}",
        )


def _shop(folder: Path, number: int, progress: Progress) -> Dataset:
    shop = folder / f"shop-{number}"
    if not shop.exists():
        write_shop(replace(SIZES["demo"], seed=number), shop, progress)
    return open_dataset(shop, progress=progress)


def _measured(dataset: Dataset, progress: Progress) -> Mapping[str, float]:
    split = demo().split(dataset)
    planted = Planted.of(dataset, split, progress)
    if planted is None:
        raise ValueError(f"There is no truth beside the shop {dataset.source}.")
    judged = _judged(dataset, split, planted, progress)
    gain = {name: auc(judged.clicked, each) - 0.5 for name, each in judged.logits.items()}
    # A constant has the entropy 1.
    entropy = {name: 1 - normalised_entropy(judged.clicked, each) for name, each in judged.chances.items()}
    ece = {name: calibration_error(judged.clicked, each) for name, each in judged.chances.items()}
    return {
        "auc_share_of_reference": gain[OURS] / gain[REFERENCE],
        "auc_share_of_oracle": gain[OURS] / gain[ORACLE],
        "entropy_share_of_reference": entropy[OURS] / entropy[REFERENCE],
        "ece": ece[OURS],
        "ece_of_oracle": ece[ORACLE],
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class _Judged:
    """Impressions of the test time, by model: log-odds of a click once looked at, and its chance where they stand."""

    clicked: Array
    logits: Mapping[str, Array]
    chances: Mapping[str, Array]


def _judged(dataset: Dataset, split: Split, planted: Planted, progress: Progress) -> _Judged:
    config = demo()
    cache = VectorCache(file=Path(dataset.source).with_suffix(".arrow"))
    contents = encode_contents(dataset, config.encoders, cache, progress)
    data = training_set(dataset, train_events(dataset, split), contents, progress)
    shown = impression_rows(dataset, _impressions(dataset), data)
    before = shown.at < planted.split.train_until
    batches = ClickBatches.of(data, shown, ClicksConfig(), planted.split.train_until)
    learned = train_clicks(batches, np.flatnonzero(before), ClicksConfig(), config.seed, progress)
    test = np.flatnonzero(~before)
    ours = learned.logits(batches, test)
    log = planted.log.take(_rows_of_log(planted, dataset, shown)[test])
    moment = (log.items, log.at, log.devices, log.clicks)
    whom = np.where(log.known, log.users, len(planted.inferred) - 1)
    reference = planted.truth.logit_of(planted.inferred, whom, *moment)
    oracle = planted.truth.click_logit(log.users, *moment)
    looked = examination()[log.positions.astype(np.int64) - 1]
    return _Judged(
        clicked=shown.clicked[test],
        logits={OURS: ours, REFERENCE: reference, ORACLE: oracle},
        chances={
            OURS: _calibrated(learned, ours, shown.positions[test]),
            REFERENCE: looked * probability(reference),
            ORACLE: looked * probability(oracle),
        },
    )


def _calibrated(learned: Clicks, logits: Array, positions: Array) -> Array:
    return learned.calibrator(learned.at_places(logits, positions))


def _impressions(dataset: Dataset) -> pa.Table:
    if dataset.impressions is None:
        raise ValueError(f"The schema of the shop {dataset.source} names no impressions; simulate it again.")
    return dataset.impressions


def _rows_of_log(planted: Planted, dataset: Dataset, shown: ImpressionRows) -> Array:
    """int64 [N], where in the log of the truth each impression of the data set stands."""
    log: ImpressionLog = planted.log
    items = planted.truth.item_rows(dataset.items[ITEM].combine_chunks())[shown.items]
    ours, theirs = np.lexsort((items, shown.at)), np.lexsort((log.items, log.at))
    if not np.array_equal(items[ours], log.items[theirs]):
        raise ValueError(f"The impressions of the data set are not those of the log of {dataset.source}.")
    found = np.empty(len(shown), np.int64)
    found[ours] = theirs
    return found
