"""The largest of many scores."""

import numpy as np

from winnow.schema.column import Array

LOWEST = np.finfo(np.float32).min


def best_rows(scores: Array, k: int) -> Array:
    """Positions of the k largest scores, best first, ties by position; NaN-free float32 [N], -inf is never among them.

    Partitioning values, not positions, makes ties at the k-th place fall by position and costs no more.
    """
    threshold = np.partition(scores, -k)[-k] if 0 < k < len(scores) else LOWEST
    rows = np.flatnonzero(scores >= max(threshold, LOWEST))
    return rows[np.argsort(-scores[rows], kind="stable")[:k]]


def best_of_rows(rows: Array, scores: Array, k: int) -> tuple[Array, Array]:
    """The best of scored rows that come in any order, best first, ties by row; a score of -inf is left out."""
    by_row = np.argsort(rows)
    order = by_row[best_rows(scores[by_row], k)]
    return rows[order], scores[order]
