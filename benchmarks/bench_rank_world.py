"""How likely clicks are in the demo's shop, whose truth is planted: what is learned beside what could be known."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from rich.console import Console

from benchmarks.inputs import Inputs
from benchmarks.result import Result
from benchmarks.shown_in_shop import planted_in, shops_told, shown_in, simulated_shop
from winnow.data.dataset import Dataset
from winnow.data.shop.click_model import probability
from winnow.data.shop.exposure import examination
from winnow.metrics.binary import auc, normalised_entropy
from winnow.metrics.reliability import calibration_error
from winnow.ops.progress_bars import progress_bars
from winnow.recipes.recipes import demo
from winnow.schema.column import Array
from winnow.schema.progress import Progress
from winnow.training.clicks import Clicks

GROUP = "rank.world"
QUALITY = True
SHOPS = 3
OURS, REFERENCE, ORACLE = "ours", "reference", "oracle"


def rows(inputs: Inputs) -> Iterator[Result]:
    """Shares of what the reference and the oracle reach on the impressions of the held-out week."""
    with progress_bars(Console(stderr=True)) as progress:
        found = [_measured(simulated_shop(inputs.cache, number, progress), progress) for number in range(SHOPS)]
    figures = {name: [each[name] for each in found] for name in found[0]}
    for name, values in figures.items():
        each = ", ".join(f"{value:.4f}" for value in values)
        yield Result(
            name=f"{GROUP}.{name}",
            value=float(np.mean(values)),
            unit="share",
            better="lower" if "ece" in name else "higher",
            how=f"impressions of the held-out week of {shops_told(SHOPS)}, another seed each; {each}",
        )


def _measured(dataset: Dataset, progress: Progress) -> Mapping[str, float]:
    judged = _judged(dataset, progress)
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


def _judged(dataset: Dataset, progress: Progress) -> _Judged:
    split, planted = planted_in(dataset, progress)
    shown = shown_in(dataset, split, planted, progress)
    learned = shown.learned(demo().seed, progress)
    ours = learned.logits(shown.batches, shown.test)
    log = shown.log.take(shown.test)
    reference, oracle = planted.reference_logits(log), planted.oracle_logits(log)
    looked = examination()[log.positions.astype(np.int64) - 1]
    return _Judged(
        clicked=shown.rows.clicked[shown.test],
        logits={OURS: ours, REFERENCE: reference, ORACLE: oracle},
        chances={
            OURS: _calibrated(learned, ours, shown.rows.positions[shown.test]),
            REFERENCE: looked * probability(reference),
            ORACLE: looked * probability(oracle),
        },
    )


def _calibrated(learned: Clicks, logits: Array, positions: Array) -> Array:
    return learned.calibrator(learned.at_places(logits, positions))
