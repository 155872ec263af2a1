"""The largest of many scores."""

import numpy as np

from winnow.schema.column import Array

LOWEST = float(np.finfo(np.float32).min)
MANY = 4096
"""Scores from which on they are partitioned in groups."""
FEW = 512
"""Scores that are all sorted at once, which takes less than to find those that need be."""
GROUP_SIZES = 4, 64
"""Least and most scores in a group; of many, partitioning the largest of each is cheaper than partitioning all."""


def best_rows(scores: Array, k: int) -> Array:
    """Positions of the k largest scores, best first, ties by position; float32 [N], NaN and -inf are never among them.

    Partitioning values, not positions, makes ties at the k-th place fall by position and costs no more.
    """
    if len(scores) <= FEW and (order := order_of_different(scores)) is not None:
        # Of different ones the last alone may be -inf, or NaN where there is no other.
        return order[:k] if scores.item(order[-1]) >= LOWEST else order[:-1][:k]
    rows = (scores >= _at_most_the_kth(scores, k)).nonzero()[0]
    if len(rows) < min(k, len(scores)):  # NaN, which counts as largest, stood in the way, or -inf
        rows = (scores >= LOWEST).nonzero()[0]
    best = scores.take(rows)
    order = order_of_different(best)
    return rows.take(((-best).argsort(kind="stable") if order is None else order)[:k])


def clearly_best(scores: Array, k: int) -> Array | None:
    """Positions of the k largest scores, best first; None where equal ones, NaN or -inf are among them or come next."""
    if 0 < len(scores) <= FEW:
        order = (-scores).argsort()
        falling = scores.take(order[: k + 1])
        clear = falling.item(-1) >= LOWEST and np.count_nonzero(falling[1:] < falling[:-1]) == len(falling) - 1
        return order[:k] if clear else None
    rows = (scores >= _at_most_the_kth(scores, k + 1)).nonzero()[0]
    order = order_of_different(scores.take(rows)) if len(rows) >= min(k + 1, len(scores)) else None
    return None if order is None else rows.take(order[:k])


def best_of_rows(rows: Array, scores: Array, k: int) -> tuple[Array, Array]:
    """The best of scored rows that come in any order, best first, ties by row; a score of -inf or NaN is left out."""
    order = order_of_different(scores)
    if order is None or not scores.item(order[-1]) >= LOWEST:  # NaN is not less either
        there = np.flatnonzero(scores >= LOWEST)
        order = there[np.lexsort((rows[there], -scores[there]))]
    return rows[order[:k]], scores[order[:k]]


def order_of_different(values: Array) -> Array | None:
    """Positions of float [N], largest first; None where two are equal, one of several is NaN, or there is none.

    Only a stable sort leaves equal ones in their order, and it takes four times as long.
    """
    order = (-values).argsort()
    falling = values.take(order)
    return order if np.count_nonzero(falling[1:] < falling[:-1]) == len(values) - 1 else None


def _at_most_the_kth(scores: Array, k: int) -> float:
    """The k-th largest score or one below it, at least LOWEST, as if NaN were larger than all.

    Of many scores only the largest of each group is looked at: k groups have one that reaches the k-th largest of
    these, so at least k scores do. Few others will.
    """
    if not 0 < k < len(scores):
        return LOWEST
    least, most = GROUP_SIZES
    each = min(most, len(scores) // (2 * k)) if len(scores) >= MANY else 1
    if each >= least:
        # Group g is every size-th score from g on, so that the maxima of all groups are taken side by side.
        size = len(scores) // each
        grouped = scores[: size * each].reshape(each, size).max(axis=0)
        scores = np.concatenate((grouped, scores[size * each :]))
    largest = scores.copy()
    largest.partition(len(scores) - k)
    return max(LOWEST, largest.item(-k))
