"""What the click model makes of each planted effect: its loss when nothing tells of the effect any more."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np
from rich.console import Console

from benchmarks.cold_items import without_features
from benchmarks.inputs import Inputs
from benchmarks.result import Result
from benchmarks.shown_in_shop import ShownInShop, planted_in, reference_logits, shown_in, simulated_shop
from benchmarks.visitor_auc import auc_draws, interval_of
from winnow.data.dataset import Dataset
from winnow.ops.progress_bars import progress_bars
from winnow.recipes.recipes import demo
from winnow.schema.column import Array
from winnow.schema.progress import Progress

GROUP = "rank.effects"
QUALITY = True
SHOPS = 1
SEEDS = (0, 1)
"""Added to the recipe's; the AUCs of these trainings are averaged."""
WHOLE, VISIT, REFERENCE = "whole", "session", "reference"
DEVICE, HOUR, PICTURE, WORDS = ("device_type",), ("hour", "weekday"), ("picture",), ("title", "description")
WITHOUT: Mapping[str, tuple[str, ...]] = {
    "device": DEVICE,
    "hour": HOUR,
    "device_and_hour": (*DEVICE, *HOUR),
    "price": ("price",),
    "picture": PICTURE,
    "words": WORDS,
    "words_and_picture": (*WORDS, *PICTURE),
    "user": ("age", "gender"),
}
"""Features that tell of an effect. Words and pictures both tell of colour and material."""


def rows(inputs: Inputs) -> Iterator[Result]:
    """AUC - 0.5 as a share of the reference's, of the whole model and without what tells of each effect."""
    with progress_bars(Console(stderr=True)) as progress:
        shops = [_shares(simulated_shop(inputs.cache, number, progress), progress) for number in range(SHOPS)]
    shares = {name: np.mean([each[name] for each in shops], axis=0) for name in shops[0]}
    for name, draws in shares.items():
        full = WHOLE if name == WHOLE else f"without_{name}"
        how = _how(name, draws, shares[WHOLE])
        yield Result(name=f"{GROUP}.{full}", value=float(draws[0]), unit="share", better="higher", how=how)


def without_visit(shown: ShownInShop) -> ShownInShop:
    """The same impressions, of whose visits nobody knows what was clicked before."""
    return shown.with_rows(replace(shown.rows, recent=np.full_like(shown.rows.recent, -1)))


def _shares(dataset: Dataset, progress: Progress) -> Mapping[str, Array]:
    """float64 [1 + resamples] by what is left out: shares of the reference's AUC - 0.5, visitors resampled."""
    split, planted = planted_in(dataset, progress)
    whole = shown_in(dataset, split, planted, progress)
    scores = {WHOLE: _logits(whole, progress), VISIT: _logits(without_visit(whole), progress)}
    for name, hidden in WITHOUT.items():
        scores[name] = _logits(shown_in(without_features(dataset, *hidden), split, planted, progress), progress)
    reference = reference_logits(planted, whole.log.take(whole.test))[None]
    clicked, visitors = whole.rows.clicked[whole.test], whole.rows.visitors[whole.test]
    draws = auc_draws(clicked, visitors, {**scores, REFERENCE: reference}, seed=0)
    gain = draws[REFERENCE] - 0.5
    return {name: (draws[name] - 0.5) / gain for name in scores}


def _logits(shown: ShownInShop, progress: Progress) -> Array:
    """float32 [S, test], of each training."""
    return np.stack([shown.test_logits(demo().seed + each, progress) for each in SEEDS])


def _how(name: str, draws: Array, whole: Array) -> str:
    told = (
        f"AUC - 0.5 as a share of the reference's, impressions of the held-out week of {SHOPS} "
        f"{'shop' if SHOPS == 1 else 'shops'} as the demo's, mean of {len(SEEDS)} trainings"
    )
    if name == WHOLE:
        return told
    loss = interval_of(draws - whole)
    return f"{told}; {loss.value:+.4f} [{loss.low:+.4f}, {loss.high:+.4f}] over the whole model, paired by visitors"
