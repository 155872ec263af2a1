"""An approximate search that keeps what every index promises: k rows, true scores, best first, ties by row."""

from collections.abc import Callable

import numpy as np

from winnow.index.best_rows import best_of_rows
from winnow.index.exact_index import search_exactly
from winnow.index.spare import with_spare
from winnow.schema.column import Array, Bools

FEWEST = 20_000
"""Of so few allowed rows all are read: a list or a graph would have to be searched almost whole to meet k of them."""
FURTHER = (1.0, 4.0, 16.0)
"""Times as far as the share of allowed rows suggests, one after the other, until k rows are found."""

Nearest = Callable[[Array, int, Bools | None, float], tuple[Array, Array]]
"""Queries, k, allowed rows, and how many times as far as usual to look; gives rows and scores as `Index.search` does,
but it may find fewer than there are."""


def search_nearby(
    nearest: Nearest, vectors: Array, queries: Array, k: int, allowed: Bools | None
) -> tuple[Array, Array]:
    """The k best rows that are found, and k of them whenever k are allowed.

    What forbids little is met by some spare rows. What forbids more is handed to the search, which then looks further
    in proportion, for the best of few lie further apart. Where few are allowed, and where too few were found, all
    allowed rows are read.

    Args:
        nearest: the approximate search.
        vectors: float32 [N, D], finite.
        queries: [B, D].
        k: rows wanted.
        allowed: bool [N], all by default.
    """
    queries = np.ascontiguousarray(queries, np.float32)
    if not (len(queries) and k and np.isfinite(queries).all()):
        return search_exactly(vectors, queries, k, allowed)
    if allowed is None:
        rows, scores = nearest(queries, k, None, 1.0)
    else:
        rows, scores = with_spare(lambda wider: nearest(queries, wider, None, 1.0), k, allowed)
    if (rows[:, -1] >= 0).all():
        return rows, scores
    return _further(nearest, vectors, queries, k, allowed)


def _further(nearest: Nearest, vectors: Array, queries: Array, k: int, allowed: Bools | None) -> tuple[Array, Array]:
    there = len(vectors) if allowed is None else int(np.count_nonzero(allowed))
    if there <= max(FEWEST, k):
        return search_exactly(vectors, queries, k, allowed)
    rows = np.full((len(queries), k), -1, np.int64)
    scores = np.full((len(queries), k), -np.inf, np.float32)
    short = np.arange(len(queries))
    for times in FURTHER:
        rows[short], scores[short] = nearest(queries[short], k, allowed, times * len(vectors) / there)
        short = short[rows[short, -1] < 0]
        if not len(short):
            return rows, scores
    rows[short], scores[short] = search_exactly(vectors, queries[short], k, allowed)
    return rows, scores


def settled(
    found: Array, found_scores: Array, k: int, all_from: Callable[[int, np.float32], tuple[Array, Array]]
) -> tuple[Array, Array]:
    """The first k of what FAISS found, with ties by row: FAISS keeps any of those that share the last place.

    Args:
        found: int64 [B, K], best first, -1 where there is none; one more than wanted shows whether the last place is
            shared.
        found_scores: float32 [B, K].
        k: rows wanted; K - 1, or more than there are.
        all_from: rows and scores of all that reach a score, for a query by number.
    """
    size = found.shape[1] - 1
    if size == k and (found[:, -1] >= 0).all() and not (found_scores[:, 1:] == found_scores[:, :-1]).any():
        return found[:, :k], found_scores[:, :k]
    rows = np.full((len(found), k), -1, np.int64)
    scores = np.full((len(found), k), -np.inf, np.float32)
    found_scores[found < 0] = -np.inf
    for query, (line, line_scores) in enumerate(zip(found, found_scores, strict=True)):
        shared = size and line[-1] >= 0 and line_scores[-1] == line_scores[-2]
        best, best_scores = best_of_rows(*(all_from(query, line_scores[-1]) if shared else (line, line_scores)), k)
        rows[query, : len(best)], scores[query, : len(best)] = best, best_scores
    return rows, scores
