"""What the click model makes of each planted effect: its loss when nothing tells of the effect any more.

Style, words and picture tell of the price as well, so it is taken away a second time where nobody can tell these.

Beside the trained models stand strangers: the law of the truth, to which every user is one that nobody knows, whole and
without one planted effect. What a stranger loses can be learned by a model that does not know what each user likes.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np
from rich.console import Console

from benchmarks.cold_items import without_features
from benchmarks.inputs import Inputs
from benchmarks.result import Result
from benchmarks.shown_in_shop import (
    ShownInShop,
    planted_in,
    shops_told,
    shown_in,
    simulated_shop,
)
from benchmarks.visitor_auc import auc_draws, interval_of
from winnow.data.dataset import Dataset
from winnow.data.shop.effects import SHARES
from winnow.evaluation.planted import Planted
from winnow.ops.progress_bars import progress_bars
from winnow.schema.column import Array
from winnow.schema.progress import Progress

GROUP = "rank.effects"
QUALITY = True
SHOPS, SEEDS = 1, 1
"""Shops, and trainings of each model, a seed each, whose AUCs are averaged."""
WHOLE, BARE, STRANGER, REFERENCE = "whole", "bare", "stranger", "reference"
BASES = (WHOLE, BARE, STRANGER)
DEVICE, HOUR = ("device_type",), ("hour", "weekday")
PICTURE, WORDS = ("picture",), ("title", "description")
OF_ITEMS: Mapping[str, tuple[str, ...]] = {
    "price": ("price",),
    "picture": PICTURE,
    "words": WORDS,
    "words_and_picture": (*WORDS, *PICTURE),
}
"""Features that tell of an effect. Words and pictures both tell of colour and material."""
BUT_PRICE = ("style", *WORDS, *PICTURE)
"""What tells of the price besides itself: items of a style cost much the same, and words and pictures tell of it."""
HIDDEN: Mapping[str, tuple[str, ...]] = {
    f"{WHOLE}_without_device": DEVICE,
    f"{WHOLE}_without_hour": HOUR,
    f"{WHOLE}_without_device_and_hour": (*DEVICE, *HOUR),
    f"{WHOLE}_without_user": ("age", "gender"),
    **{f"{WHOLE}_without_{name}": hidden for name, hidden in OF_ITEMS.items()},
    BARE: BUT_PRICE,
    f"{BARE}_without_price": (*BUT_PRICE, "price"),
}


def rows(inputs: Inputs) -> Iterator[Result]:
    """AUC - 0.5 as a share of the reference's, whole and without what tells of each effect."""
    with progress_bars(Console(stderr=True)) as progress:
        shops = [_shares(simulated_shop(inputs.cache, number, progress), progress) for number in range(SHOPS)]
    shares = {name: np.mean([each[name] for each in shops], axis=0) for name in shops[0]}
    for name, draws in shares.items():
        value, how = float(draws[0]), _how(name, shares)
        yield Result(name=f"{GROUP}.{name}", value=value, unit="share", better="higher", how=how)


def without_visit(shown: ShownInShop) -> ShownInShop:
    """The same impressions, of whose visits nobody knows what was clicked before."""
    return shown.with_rows(replace(shown.rows, recent=np.full_like(shown.rows.recent, -1)))


def without_effect(planted: Planted, effect: str) -> Planted:
    """What is known of the truth, as if one effect were not in it."""
    scale = {**planted.truth.strength.scale, effect: 0.0}
    return replace(planted, truth=replace(planted.truth, strength=replace(planted.truth.strength, scale=scale)))


def _shares(dataset: Dataset, progress: Progress) -> Mapping[str, Array]:
    """float64 [1 + resamples] by model: shares of the reference's AUC - 0.5, visitors resampled."""
    split, planted = planted_in(dataset, progress)
    whole = shown_in(dataset, split, planted, progress)
    scores = {
        WHOLE: whole.test_scores(SEEDS, progress),
        f"{WHOLE}_without_session": without_visit(whole).test_scores(SEEDS, progress),
    }
    for name, hidden in HIDDEN.items():
        left = shown_in(without_features(dataset, *hidden), split, planted, progress)
        scores[name] = left.test_scores(SEEDS, progress)
    scores |= _strangers(planted, whole)
    scores[REFERENCE] = planted.reference_logits(whole.log.take(whole.test))[None]
    draws = dict(auc_draws(whole.rows.clicked[whole.test], whole.rows.visitors[whole.test], scores, seed=0))
    gain = draws.pop(REFERENCE) - 0.5
    return {name: (each - 0.5) / gain for name, each in draws.items()}


def _strangers(planted: Planted, shown: ShownInShop) -> Mapping[str, Array]:
    """float32 [1, test], of the law of the truth without anybody's own likings."""
    nobody = replace(planted, inferred=np.repeat(planted.inferred[-1:], len(planted.inferred), axis=0))
    known = {STRANGER: nobody, **{f"{STRANGER}_without_{each}": without_effect(nobody, each) for each in SHARES}}
    log = shown.log.take(shown.test)
    return {name: each.reference_logits(log)[None] for name, each in known.items()}


def _how(name: str, shares: Mapping[str, Array]) -> str:
    told = f"AUC - 0.5 as a share of the reference's, impressions of the held-out week of {shops_told(SHOPS)}"
    base = next(each for each in BASES if name.startswith(each))
    trained = told if base == STRANGER or SEEDS == 1 else f"{told}, mean of {SEEDS} trainings"
    if name == base:
        return trained
    loss = interval_of(shares[name] - shares[base])
    return f"{trained}; {loss.value:+.4f} [{loss.low:+.4f}, {loss.high:+.4f}] over {base}, paired by visitors"
