"""A search under a mask that forbids little: a few more rows are searched than asked for, and the forbidden dropped."""

from collections.abc import Callable

import numpy as np

from winnow.schema.column import Array, Bools

MANY = 16
"""Where one row in so many or more is forbidden, spare rows do not go far."""


def with_spare(search: Callable[[int], tuple[Array, Array]], k: int, allowed: Bools) -> tuple[Array, Array]:
    """The k best allowed rows, or fewer where the spare ones did not suffice; the mask is read only where it matters.

    Args:
        search: finds the best of all rows for B queries, as `Index.search` does.
        k: rows wanted.
        allowed: bool [N].

    Returns:
        rows int64 [B, k], -1 where there is none; scores float32 [B, k], -inf there.
    """
    rows, scores = search(k + k // 8 + MANY)
    fit = (rows >= 0) & allowed[rows]
    if fit.all():
        return rows[:, :k], scores[:, :k]
    kept_rows = np.full((len(rows), k), -1, np.int64)
    kept_scores = np.full((len(rows), k), -np.inf, np.float32)
    for query, line in enumerate(fit):
        kept = np.flatnonzero(line)[:k]
        kept_rows[query, : len(kept)] = rows[query, kept]
        kept_scores[query, : len(kept)] = scores[query, kept]
    return kept_rows, kept_scores
