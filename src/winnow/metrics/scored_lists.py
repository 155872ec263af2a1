"""Quality of the order that scores give to lists whose every entry has a label, such as what was shown on a page."""

import numpy as np
from numpy.typing import NDArray

from winnow.schema.column import Array, Ragged

Values = NDArray[np.float64]


def ndcg_of_scores(labels: Ragged, scores: Array, k: int | None = None) -> Values:
    """Discounted gain of the first k by score, relative to that of the best order; one value per list that has a gain.

    Where scores tie, any order of the tied entries is as likely as any other, and the value is the mean over all of
    them: neither the order of the rows nor luck decides. A label is its gain; give 2 ** label - 1 for the steeper form.

    Args:
        labels: L lists of gains, not negative and finite, M in all; 0 and 1 for clicks.
        scores: [M] finite numbers, one per entry.
        k: places that count, at least 1; all by default.

    Returns:
        float64 in [0, 1], one per list with a label above 0, in the order of the lists; those without are left out,
        since no order of them is better than another.

    Raises:
        ValueError: a number of scores that is not that of the labels, a negative label, or k below 1.

    Source:
        Järvelin and Kekäläinen, Cumulated gain-based evaluation of IR techniques, 2002; ties as in McSherry and Najork,
        Computing information retrieval performance measures efficiently in the presence of tied scores, 2008.
    """
    _check(labels, scores, k)
    gains, row, lists = np.asarray(labels.values, np.float64), labels.row_of_value(), len(labels)
    place = np.arange(len(gains)) - np.repeat(labels.offsets[:-1], labels.lengths)
    discounts = np.where(place < (len(gains) if k is None else k), 1 / np.log2(place + 2.0), 0.0)
    best = np.bincount(row, gains[np.lexsort((-gains, row))] * discounts, minlength=lists)
    falling = -np.asarray(scores, np.float64)
    order = np.lexsort((falling, row))
    found = np.bincount(row, gains[order] * _shared_in_ties(discounts, falling[order], row), minlength=lists)
    some = best > 0
    return np.minimum(found[some] / best[some], 1.0)


def _shared_in_ties(discounts: Array, scores: Array, row: Array) -> Array:
    """float64 [M], the mean discount of the places that tie, for each of them; scores come in order, list by list."""
    new = np.ones(len(scores), np.bool_)
    new[1:] = (row[1:] != row[:-1]) | (scores[1:] != scores[:-1])
    start = np.flatnonzero(new)
    size = np.diff(start, append=len(scores))
    return np.repeat(np.add.reduceat(discounts, start) / size, size) if len(start) else discounts


def _check(labels: Ragged, scores: Array, k: int | None) -> None:
    if k is not None and k < 1:
        raise ValueError(f"k is {k}; it must be at least 1.")
    if len(scores) != len(labels.values):
        raise ValueError(f"There are {len(scores)} scores for {len(labels.values)} labels; give one for each.")
    negative = labels.values < 0
    if negative.any():
        raise ValueError(f"{negative.sum()} labels are negative, for example {labels.values[negative][0]:g}; none may.")
