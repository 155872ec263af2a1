"""Whether learning the place apart pays where good places go to what is popular.

The simulated shop fills the slots of a page alike, so its own log has next to no such bias. So its pages are put in
order of popularity, the most clicks in the training time first, and what is clicked is drawn anew from the truth: a
look by the new place, then a click. What a visit had clicked before a page stays as it was logged. Both models learn from
these pages; the naive one is told no places, so that it takes the good place of the popular for their merit. They are
judged on pages of the held-out week in random order, clicks drawn from the truth again, and neither is told the place.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np
from rich.console import Console

from benchmarks.inputs import Inputs
from benchmarks.placed_anew import drawn_clicks, placed_by
from benchmarks.result import Result
from benchmarks.shown_in_shop import ShownInShop, oracle_logits, planted_in, shown_in, simulated_shop
from benchmarks.visitor_auc import auc_draws, interval_of
from winnow.data.dataset import Dataset
from winnow.data.shop.click_model import probability
from winnow.ops.progress_bars import progress_bars
from winnow.recipes.recipes import demo
from winnow.schema.column import Array
from winnow.schema.progress import Progress

GROUP = "rank.position"
QUALITY = True
SHOPS = 1
SEEDS = (0, 1)
"""Added to the recipe's; the AUCs of these trainings are averaged."""
DEBIASED, NAIVE = "debiased", "naive"


def rows(inputs: Inputs) -> Iterator[Result]:
    """AUC of both models on pages in random order."""
    with progress_bars(Console(stderr=True)) as progress:
        shops = [_measured(simulated_shop(inputs.cache, number, progress), progress) for number in range(SHOPS)]
    draws = {name: np.mean([each[name] for each in shops], axis=0) for name in shops[0]}
    change = interval_of(draws[DEBIASED] - draws[NAIVE])
    told = (
        f"pages of {SHOPS} {'shop' if SHOPS == 1 else 'shops'} as the demo's, in the training time by popularity, in "
        f"the held-out week shuffled, clicks drawn from the truth; mean of {len(SEEDS)} trainings"
    )
    hows = {
        DEBIASED: f"{told}; {change.value:+.4f} [{change.low:+.4f}, {change.high:+.4f}] over naive, paired by visitors",
        NAIVE: f"{told}; told no places",
    }
    for name, how in hows.items():
        value = float(draws[name][0])
        yield Result(name=f"{GROUP}.{name}", value=value, unit="AUC", better="higher", how=how)


def by_popularity(shown: ShownInShop, chances: Array, generator: np.random.Generator) -> ShownInShop:
    """Pages of the training time with what was clicked most first, later ones shuffled; all clicks drawn anew.

    Args:
        shown: the impressions as they were logged.
        chances: float [N], of a click once looked at.
        generator: of the draws.
    """
    rows, strength = shown.rows, generator.random(len(shown.rows))
    clicks = np.bincount(rows.items[shown.train], rows.clicked[shown.train], shown.batches.data.num_items)
    strength[shown.train] = clicks[rows.items[shown.train]]
    positions = placed_by(rows, strength)
    clicked = drawn_clicks(chances, positions, generator)
    return shown.with_rows(replace(rows, positions=positions, clicked=clicked))


def without_places(shown: ShownInShop) -> ShownInShop:
    """The same impressions at places that nobody knows, so that the chance of a click as shown is learned."""
    return shown.with_rows(replace(shown.rows, positions=np.zeros_like(shown.rows.positions)))


def _measured(dataset: Dataset, progress: Progress) -> Mapping[str, Array]:
    """float64 [1 + resamples] by model, AUC, visitors resampled."""
    split, planted = planted_in(dataset, progress)
    logged = shown_in(dataset, split, planted, progress)
    chances = probability(oracle_logits(planted, logged.log))
    shown = by_popularity(logged, chances, np.random.default_rng(demo().seed))
    scores = {
        name: np.stack([each.test_logits(demo().seed + seed, progress) for seed in SEEDS])
        for name, each in ((DEBIASED, shown), (NAIVE, without_places(shown)))
    }
    return auc_draws(shown.rows.clicked[shown.test], shown.rows.visitors[shown.test], scores, seed=0)
