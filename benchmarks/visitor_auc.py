"""AUCs of several models over the same resampled visitors, so that any two of them can be told apart."""

from collections.abc import Mapping

import numpy as np

from winnow.metrics.bootstrap import LEVELS, Interval
from winnow.schema.column import Array


def auc_draws(
    clicked: Array, visitors: Array, scores: Mapping[str, Array], *, seed: int, resamples: int = 500
) -> Mapping[str, Array]:
    """The AUC of each model on the impressions as they are, and then on those of resampled visitors.

    What one visitor was shown is not drawn apart: the doubt is about who else might have come.

    Args:
        clicked: bool [N], some of each.
        visitors: int64 [N], not negative.
        scores: float [S, N] by name, of S trainings each, whose AUCs are averaged.
        seed: the same gives the same visitors.
        resamples: at least 1.

    Returns:
        float64 [1 + resamples] by name, in the same order of draws.

    Source:
        Efron, Bootstrap methods: another look at the jackknife, 1979.
    """
    _, whose = np.unique(visitors, return_inverse=True)
    number = int(whose.max()) + 1
    places = {name: [np.unique(row, return_inverse=True)[1] for row in each] for name, each in scores.items()}
    generator = np.random.default_rng(seed)
    found = {name: np.empty(1 + resamples) for name in scores}
    for draw in range(1 + resamples):
        drawn = np.bincount(generator.integers(number, size=number), minlength=number) if draw else np.ones(number)
        weights = drawn[whose].astype(np.float64)
        for name, each in places.items():
            found[name][draw] = np.mean([_weighted_auc(clicked, row, weights) for row in each])
    return found


def interval_of(draws: Array) -> Interval:
    """The first of the draws, [1 + resamples], between the ends of where 95 % of the others lie."""
    low, high = np.quantile(draws[1:], LEVELS)
    return Interval(value=float(draws[0]), low=float(low), high=float(high))


def _weighted_auc(clicked: Array, places: Array, weights: Array) -> float:
    """Rows count as often as their weight says; equal places, int64 [N], are ties."""
    ones = np.bincount(places, np.where(clicked, weights, 0.0))
    noughts = np.bincount(places, np.where(clicked, 0.0, weights))
    below = np.cumsum(noughts) - noughts / 2
    return float(ones @ below / (ones.sum() * noughts.sum()))
