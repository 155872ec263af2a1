"""An approximate search that keeps what every index promises: k rows, true scores, best first, ties by row."""

from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np

from winnow.index.best_rows import best_of_rows
from winnow.index.exact_index import search_exactly
from winnow.schema.column import Array, Bools

SAMPLE = 256
"""Rows of a mask from which its share is guessed."""
MOSTLY = 0.5
"""Share of allowed rows down to which some spare rows are searched, and the forbidden dropped."""
SPARE, SPARE_TIMES = 12, 1.3
"""Spare rows: so many, and so many times as many as the share would take."""
FEWEST = 20_000
"""Of so few allowed rows all are read: a list or a graph would have to be searched almost whole to meet k of them."""
FURTHER = (1.0, 4.0, 16.0)
"""Times as far as the share of allowed rows suggests, one after the other, until k rows are found."""


class Nearby(Protocol):
    """What `search_nearby` asks of an index."""

    @property
    def vectors(self) -> Array:
        """float32 [N, D], finite."""
        ...

    @property
    def live(self) -> Bools | None:
        """bool [N], which of the vectors are there, all by default; `nearest` finds no other."""
        ...

    @property
    def live_share(self) -> float:
        """Of true ones in `live`, 0 to 1."""
        ...

    def nearest(self, queries: Array, k: int, allowed: Bools | None, further: float) -> tuple[Array, Array]:
        """Rows and scores as `Index.search` gives them, but it may find fewer than there are.

        Args:
            queries: float32 [B, D], C-contiguous and finite.
            k: rows wanted, at least 1.
            allowed: bool [N], all by default.
            further: how many times as far as usual to look.
        """
        ...


def search_nearby(
    index: Nearby, queries: Array, k: int, allowed: Bools | None, live: Bools | None = None, live_share: float = 1.0
) -> tuple[Array, Array]:
    """The k best rows that are found, and k of them whenever k may be.

    What forbids little is met by some spare rows, so that masks are only read where these lie. What forbids more is
    handed to the search, which then looks further in proportion, for the best of few lie further apart. Where few are
    allowed, and where too few were found, all allowed rows are read.

    Args:
        index: searches approximately.
        queries: [B, D].
        k: rows wanted.
        allowed: bool [N], all by default.
        live: another mask, likewise.
        live_share: of true ones in `live`.
    """
    queries = np.ascontiguousarray(queries, np.float32)
    if not (k and len(queries)):
        return search_exactly(index.vectors, queries, k, allowed)
    share = live_share * (1.0 if allowed is None else _guessed_share(allowed))
    if share * index.live_share >= MOSTLY:
        masks = [mask for mask in (allowed, live) if mask is not None]
        spare = SPARE + int(k * SPARE_TIMES * (1 - share) / share) if masks else 0
        rows, scores = index.nearest(queries, k + spare, None, 1.0)
        if masks:
            rows, scores = _allowed(rows, scores, k, masks)
        if is_full(rows):
            return rows, scores
    return _further(index, queries, k, both(both(allowed, live), index.live))


def both(one: Bools | None, other: Bools | None) -> Bools | None:
    """What two masks allow, of which None allows all."""
    if one is None or other is None:
        return one if other is None else other
    return one & other


def is_full(rows: Array) -> bool:
    """Whether there is a row at the last place of each query; -1 stands where there is none."""
    # Of one query a plain comparison: a reduction costs ten times as much, of every search.
    return bool(rows[0, -1] >= 0 if len(rows) == 1 else (rows[:, -1] >= 0).all())


def _guessed_share(mask: Bools) -> float:
    some = mask[:: len(mask) // SAMPLE + 1]
    return np.count_nonzero(some) / max(1, len(some))


def _allowed(rows: Array, scores: Array, k: int, masks: Sequence[Bools]) -> tuple[Array, Array]:
    """The first k of [B, K] rows that are there and allowed; what is missing is padded."""
    fit = masks[0].take(rows)
    for mask in masks[1:]:
        fit &= mask.take(rows)
    if len(rows) == 1 and is_full(rows):
        kept = fit[0].nonzero()[0][:k]
        if len(kept) == k:
            return rows.take(kept, axis=1), scores.take(kept, axis=1)
    fit &= rows >= 0
    first = np.argsort(~fit, axis=1, kind="stable")[:, :k]
    there = np.take_along_axis(fit, first, axis=1)
    return (
        np.where(there, np.take_along_axis(rows, first, axis=1), -1),
        np.where(there, np.take_along_axis(scores, first, axis=1), np.float32(-np.inf)),
    )


def _further(index: Nearby, queries: Array, k: int, allowed: Bools | None) -> tuple[Array, Array]:
    size = len(index.vectors)
    there = size if allowed is None else int(np.count_nonzero(allowed))
    if there <= max(FEWEST, k) or not np.isfinite(queries).all():
        return search_exactly(index.vectors, queries, k, allowed)
    rows = np.full((len(queries), k), -1, np.int64)
    scores = np.full((len(queries), k), -np.inf, np.float32)
    short = np.arange(len(queries))
    for times in FURTHER:
        rows[short], scores[short] = index.nearest(queries[short], k, allowed, times * size / there)
        short = short[rows[short, -1] < 0]
        if not len(short):
            return rows, scores
    rows[short], scores[short] = search_exactly(index.vectors, queries[short], k, allowed)
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
    if size == k and is_full(found) and not np.count_nonzero(found_scores[:, 1:] == found_scores[:, :-1]):
        return found[:, :k], found_scores[:, :k]
    rows = np.full((len(found), k), -1, np.int64)
    scores = np.full((len(found), k), -np.inf, np.float32)
    found_scores[found < 0] = -np.inf
    for query, (line, line_scores) in enumerate(zip(found, found_scores, strict=True)):
        shared = size and line[-1] >= 0 and line_scores[-1] == line_scores[-2]
        best, best_scores = best_of_rows(*(all_from(query, line_scores[-1]) if shared else (line, line_scores)), k)
        rows[query, : len(best)], scores[query, : len(best)] = best, best_scores
    return rows, scores
