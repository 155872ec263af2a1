"""The largest of many scores."""

import numpy as np

from winnow.schema.column import Array

LOWEST = np.finfo(np.float32).min
GROUP_SIZES = 4, 64
"""Least and most scores in a group; partitioning the largest of each is cheaper than partitioning all."""


def best_rows(scores: Array, k: int) -> Array:
    """Positions of the k largest scores, best first, ties by position; float32 [N], NaN and -inf are never among them.

    Partitioning values, not positions, makes ties at the k-th place fall by position and costs no more.
    """
    threshold = _at_most_the_kth(scores, k)
    if np.isnan(threshold):
        return best_rows(np.fmax(scores, -np.inf), k)
    rows = (scores >= threshold).nonzero()[0]
    return rows.take((-scores.take(rows)).argsort(kind="stable")[:k])


def best_of_rows(rows: Array, scores: Array, k: int) -> tuple[Array, Array]:
    """The best of scored rows that come in any order, best first, ties by row; a score of -inf or NaN is left out."""
    order = np.argsort(-scores, kind="stable")  # quick where two parts are in order already
    ordered = scores[order]
    if len(scores) and ordered[-1] >= LOWEST and not (ordered[1:] == ordered[:-1]).any():  # NaN would come last
        return rows[order[:k]], ordered[:k]
    there = np.flatnonzero(scores >= LOWEST)
    order = there[np.lexsort((rows[there], -scores[there]))[:k]]
    return rows[order], scores[order]


def _at_most_the_kth(scores: Array, k: int) -> np.float32:
    """The k-th largest score or one below it, at least LOWEST; NaN where scores that are none stand in the way.

    Of many scores only the largest of each group is looked at: k groups have one that reaches the k-th largest of
    these, so at least k scores do. Few others will.
    """
    if not 0 < k < len(scores):
        return np.float32(LOWEST)
    least, most = GROUP_SIZES
    each = min(most, len(scores) // (2 * k))
    if each >= least:
        # Group g is every size-th score from g on, so that the maxima of all groups are taken side by side.
        size = len(scores) // each
        grouped = scores[: size * each].reshape(each, size).max(axis=0)
        scores = np.concatenate((grouped, scores[size * each :]))
    largest = scores.copy()
    largest.partition(len(scores) - k)
    largest = largest[-k:]
    # NaN counts as largest of all.
    return np.float32(np.nan) if np.isnan(largest).any() else np.maximum(largest[0], np.float32(LOWEST))
