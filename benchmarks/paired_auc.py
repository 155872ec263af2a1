"""How sure a difference of two AUCs is: both sides are read for the same resampled rows."""

from collections.abc import Iterator

import numpy as np

from winnow.metrics.binary import auc
from winnow.metrics.bootstrap import LEVELS, Interval
from winnow.schema.column import Array


def mean_auc(labels: Array, scores: Array) -> float:
    """The mean over the rows of `scores` [S, N], of several seeds, of their AUC."""
    return float(np.mean([auc(labels, each) for each in scores]))


def auc_difference(labels: Array, ours: Array, theirs: Array, *, seed: int, resamples: int = 1000) -> Interval:
    """Mean AUC of ours less mean AUC of theirs, with its 95 % interval over resampled rows.

    Args:
        labels: bool [N], some of each.
        ours: float [S, N], of S seeds.
        theirs: float [T, N].
        seed: of the resampling.
        resamples: at least 1; those without both classes, which nearly never are, do not count.

    Source:
        Efron, Bootstrap methods: another look at the jackknife, 1979.
    """
    drawn = np.array(list(_differences(labels, ours, theirs, np.random.default_rng(seed), resamples)))
    low, high = np.nanquantile(drawn, LEVELS)
    value = mean_auc(labels, ours) - mean_auc(labels, theirs)
    return Interval(value=value, low=float(low), high=float(high))


def _differences(
    labels: Array, ours: Array, theirs: Array, generator: np.random.Generator, resamples: int
) -> Iterator[float]:
    for _ in range(resamples):
        rows = generator.integers(len(labels), size=len(labels))
        yield mean_auc(labels[rows], ours[:, rows]) - mean_auc(labels[rows], theirs[:, rows])
