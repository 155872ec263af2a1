"""Whether learning the place apart pays where good places go to what is popular.

The simulated shop fills the slots of a page alike, so its own log has next to no such bias. So its pages are put in
order of popularity, the most clicks in the training time first, and what is clicked is drawn anew from the truth: a
look by the new place, then a click. What a visit had clicked before a page stays as it was logged. Both models learn
from these pages; the naive one is told no places, so that it takes the good place of the popular for their merit. They
are judged on pages of the held-out week in random order, clicks drawn in the same way, and neither is told the place.

How often a place is looked at is what makes the bias. By the shop's own law the eighth place is looked at half as often
as the first; by the other, as clicks on pages are commonly drawn, an eighth as often.

Source: Joachims et al., Unbiased learning-to-rank with biased feedback, WSDM 2017.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np
from rich.console import Console

from benchmarks.inputs import Inputs
from benchmarks.placed_anew import drawn_clicks, placed_by
from benchmarks.result import Result
from benchmarks.shown_in_shop import ShownInShop, planted_in, shops_told, shown_in, simulated_shop
from benchmarks.visitor_auc import auc_draws, interval_of
from winnow.data.dataset import Dataset
from winnow.data.shop.click_model import probability
from winnow.data.shop.exposure import PAGE_SIZE, examination
from winnow.ops.progress_bars import progress_bars
from winnow.recipes.recipes import demo
from winnow.schema.column import Array
from winnow.schema.progress import Progress

GROUP = "rank.position"
QUALITY = True
SHOPS, SEEDS = 1, 2
"""Shops, and trainings of each model, a seed each, whose AUCs are averaged."""
DEBIASED, NAIVE = "debiased", "naive"
LOOKED: Mapping[str, tuple[str, Array]] = {
    "": ("the n-th place is looked at with the chance 1/n", 1 / np.arange(1, PAGE_SIZE + 1)),
    "mild.": ("places are looked at by the law of the shop", examination()),
}


def rows(inputs: Inputs) -> Iterator[Result]:
    """AUC of both models on pages in random order, by how often places are looked at."""
    with progress_bars(Console(stderr=True)) as progress:
        shops = [_measured(simulated_shop(inputs.cache, number, progress), progress) for number in range(SHOPS)]
    for law, (told, _) in LOOKED.items():
        draws = {name: np.mean([each[law][name] for each in shops], axis=0) for name in (DEBIASED, NAIVE)}
        change = interval_of(draws[DEBIASED] - draws[NAIVE])
        over = f"{change.value:+.4f} [{change.low:+.4f}, {change.high:+.4f}] over naive, paired by visitors"
        for name, more in ((DEBIASED, over), (NAIVE, "told no places")):
            how = (
                f"pages of {shops_told(SHOPS)}, by popularity in the training time and shuffled in the held-out week; "
                f"{told}; clicks drawn from the truth; mean of {SEEDS} trainings; {more}"
            )
            full = f"{GROUP}.{law}{name}"
            yield Result(name=full, value=float(draws[name][0]), unit="AUC", better="higher", how=how)


def by_popularity(shown: ShownInShop, chances: Array, looked: Array, generator: np.random.Generator) -> ShownInShop:
    """Pages of the training time with what was clicked most first, later ones shuffled; all clicks drawn anew.

    Args:
        shown: the impressions as they were logged.
        chances: float [N], of a click once looked at.
        looked: float [places], of a look by place.
        generator: of the draws.
    """
    rows, strength = shown.rows, generator.random(len(shown.rows))
    clicks = np.bincount(rows.items[shown.train], rows.clicked[shown.train], shown.batches.data.num_items)
    strength[shown.train] = clicks[rows.items[shown.train]]
    positions = placed_by(rows, strength)
    clicked = drawn_clicks(chances, positions, looked, generator)
    return shown.with_rows(replace(rows, positions=positions, clicked=clicked))


def without_places(shown: ShownInShop) -> ShownInShop:
    """The same impressions at places that nobody knows, so that the chance of a click as shown is learned."""
    return shown.with_rows(replace(shown.rows, positions=np.zeros_like(shown.rows.positions)))


def _measured(dataset: Dataset, progress: Progress) -> Mapping[str, Mapping[str, Array]]:
    """float64 [1 + resamples] by law and model, AUC, visitors resampled."""
    split, planted = planted_in(dataset, progress)
    logged = shown_in(dataset, split, planted, progress)
    chances = probability(planted.oracle_logits(logged.log))
    return {law: _of_law(logged, chances, looked, progress) for law, (_, looked) in LOOKED.items()}


def _of_law(logged: ShownInShop, chances: Array, looked: Array, progress: Progress) -> Mapping[str, Array]:
    shown = by_popularity(logged, chances, looked, np.random.default_rng(demo().seed))
    scores = {DEBIASED: shown.test_scores(SEEDS, progress), NAIVE: without_places(shown).test_scores(SEEDS, progress)}
    return auc_draws(shown.rows.clicked[shown.test], shown.rows.visitors[shown.test], scores, seed=0)
