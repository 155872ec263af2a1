"""An approximate search that keeps what every index promises: k rows, true scores, best first, ties by row."""

from collections.abc import Callable
from functools import partial, reduce
from typing import Protocol

import numpy as np

from winnow.index.best_rows import best_of_rows
from winnow.index.checks import all_finite, check_queries
from winnow.index.exact_index import search_exactly
from winnow.schema.column import Array, Bools

SAMPLE = 1024
"""Rows of a mask from which its share is guessed."""
MOSTLY = 0.5
"""Share of allowed rows down to which some spare rows are searched, and the forbidden dropped."""
SPARE, SPARE_TIMES = 12, 1.15
"""Spare rows: so many, and so many times as many as the share would take."""
FEWEST = 20_000
"""Of so few allowed rows all are read: a list or a graph would have to be searched almost whole to meet k of them."""
TIES_UP_TO = 64
"""Of items with the score of the last place, more than so many times as were wanted are not looked for."""
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
        """bool [N], which of the vectors are there, all by default; no search meets any other."""
        ...

    def nearest(self, queries: Array, num: int, allowed: Bools | None, further: float) -> tuple[Array, Array]:
        """Rows [B, num] and scores, best first, ties as they come, -1 where it meets fewer.

        Args:
            queries: float32 [B, D], C-contiguous and finite.
            num: rows wanted, at least 1.
            allowed: bool [N], all by default.
            further: how many times as far as usual to look.
        """
        ...

    def reaching(
        self, query: Array, num: int, allowed: Bools | None, further: float, score: np.float32
    ) -> tuple[Array, Array]:
        """Rows and scores of all that reach a score, in any order, of what `nearest` looks at for a query [1, D]."""
        ...


def search_nearby(
    index: Nearby, queries: Array, k: int, allowed: Bools | None, left: Bools | None = None, share_left: float = 1.0
) -> tuple[Array, Array]:
    """The k best rows that are found, and k of them whenever k may be.

    What forbids little is met by some spare rows, so that the mask is only read where these lie. What forbids more is
    handed to the search, which then looks further in proportion, for the best of few lie further apart. Where few are
    allowed, and where too few were found, all allowed rows are read.

    Args:
        index: searches approximately.
        queries: [B, D].
        k: rows wanted.
        allowed: bool [N], all by default.
        left: bool [N], likewise, of what the index holds and is still there; it and `allowed` are only joined where
            both have to be read whole.
        share_left: of all.
    """
    check_queries(queries, index.vectors.shape[1])
    queries = np.ascontiguousarray(queries, np.float32)
    if not (k and len(queries)):
        return search_exactly(index.vectors, queries, k, allowed)
    masks = tuple(each for each in (allowed, left) if each is not None)
    share = share_left if allowed is None else share_left * _guessed_share(allowed)
    if share >= MOSTLY:
        spare = SPARE + int(k * SPARE_TIMES * (1 - share) / share) if masks else 0
        rows, scores = _search(index, queries, k, masks, spare)
        # Of one query a plain comparison: a reduction costs ten times as much, of every search.
        if rows.item(-1) >= 0 if len(rows) == 1 else (rows[:, -1] >= 0).all():
            return rows, scores
    return _further(index, queries, k, masks)


def best_of_met(vectors: Array, queries: Array, rows: Array, num: int) -> tuple[Array, Array]:
    """For `nearest`: rows [B, num] of those that a search met, by their true scores.

    Args:
        vectors: float32 [N, D].
        queries: float32 [B, D].
        rows: int64 [B, K], in any order, -1 where there is none; at least `num`.
        num: rows wanted.
    """
    if len(rows) == 1:
        best, scores = _best_of_met(vectors, queries[0], rows[0], num)
        return best[None], scores[None]
    best_rows, best_scores = _nothing(len(rows), num)
    for line, met in enumerate(rows):
        best_rows[line], best_scores[line] = _best_of_met(vectors, queries[line], met, num)
    return best_rows, best_scores


def _best_of_met(vectors: Array, query: Array, rows: Array, num: int) -> tuple[Array, Array]:
    # `einsum` sums each row alike, so that equal vectors have equal scores; a matrix product does not.
    scores = np.einsum("kd,d->k", vectors.take(rows, axis=0), query)
    scores[rows < 0] = -np.inf
    order = (-scores).argsort()[:num]
    return rows.take(order), scores.take(order)


def reaching_further(
    index: Nearby, query: Array, num: int, allowed: Bools | None, further: float, score: np.float32
) -> tuple[Array, Array]:
    """For `reaching` of a search that cannot be asked for a score: more and more of the nearest, until one is below."""
    most = min(TIES_UP_TO * num, len(index.vectors))
    while True:
        num = min(4 * num, len(index.vectors))
        rows, scores = (each[0] for each in index.nearest(query, num, allowed, further))
        if rows[-1] < 0 or scores[-1] < score or num >= most:
            return rows, scores


def _guessed_share(mask: Bools) -> float:
    some = mask[:: len(mask) // SAMPLE + 1]
    return np.count_nonzero(some) / max(1, len(some))


def _further(index: Nearby, queries: Array, k: int, masks: tuple[Bools, ...]) -> tuple[Array, Array]:
    live, size = index.live, len(index.vectors)
    if live is not None:
        masks, size = (*masks, live), int(np.count_nonzero(live))
    allowed = reduce(np.logical_and, masks) if masks else None
    there = size if allowed is None else int(np.count_nonzero(allowed))
    if there <= max(FEWEST, k) or not all_finite(queries):
        return search_exactly(index.vectors, queries, k, allowed)
    rows, scores = _nothing(len(queries), k)
    short = np.arange(len(queries))
    for times in FURTHER:
        joined = () if allowed is None else (allowed,)
        rows[short], scores[short] = _search(index, queries[short], k, joined, None, times * size / there)
        short = short[rows[short, -1] < 0]
        if not len(short):
            return rows, scores
    rows[short], scores[short] = search_exactly(index.vectors, queries[short], k, allowed)
    return rows, scores


def _search(
    index: Nearby, queries: Array, k: int, masks: tuple[Bools, ...], spare: int | None, further: float = 1.0
) -> tuple[Array, Array]:
    """The first k rows of what the index finds, ties by row, -1 where there are fewer.

    With spare rows the masks are read where these lie; with None for their number there is at most one mask, and the
    index finds nothing else.
    """
    within, after = (masks[0] if masks else None, ()) if spare is None else (None, masks)
    num = min(k + (spare or 0), len(index.vectors)) + 1
    found, found_scores = index.nearest(queries, num, within, further)
    if len(queries) == 1:
        best = _apart(found[0], found_scores[0], k, after)
        if best:
            return best[0][None], best[1][None]
    rows, scores = _nothing(len(queries), k)
    for number, line in enumerate(zip(found, found_scores, strict=True)):
        reaching = partial(index.reaching, queries[number : number + 1], num, within, further)
        best, best_scores = _apart(*line, k, after) or _tied(*line, k, after, reaching)
        rows[number, : len(best)], scores[number, : len(best)] = best, best_scores
    return rows, scores


def _apart(rows: Array, scores: Array, k: int, masks: tuple[Bools, ...]) -> tuple[Array, Array] | None:
    """The first k that are allowed; None where there are fewer than one more, or some of equal scores.

    Args:
        rows: int64 [K], best first, -1 where there is none.
        scores: float32 [K].
        k: rows wanted.
        masks: bool [N] each, what all of them allow.
    """
    if rows.item(-1) < 0:
        return None
    if not masks:
        rows, scores = rows[: k + 1], scores[: k + 1]
    else:
        first = _allowed_of(rows, masks).nonzero()[0][: k + 1]
        rows, scores = rows.take(first), scores.take(first)
    if len(rows) <= k or np.count_nonzero(scores[1:] == scores[:-1]):
        return None
    return rows[:k], scores[:k]


def _tied(
    rows: Array, scores: Array, k: int, masks: tuple[Bools, ...], reaching: Callable[[np.float32], tuple[Array, Array]]
) -> tuple[Array, Array]:
    """The first k that are allowed, or fewer, ties by row; as `_apart`.

    Where the last of them share the last place of all that was found, more may share it, and these are looked for.
    """
    there = (rows >= 0) & _allowed_of(rows, masks)
    best = scores[there]
    if rows[-1] >= 0 and len(best) >= k and best[k - 1] == scores[-1]:
        rows, scores = reaching(scores[-1])
        there = (rows >= 0) & _allowed_of(rows, masks)
    return best_of_rows(rows[there], scores[there], k)


def _allowed_of(rows: Array, masks: tuple[Bools, ...]) -> Bools:
    """Which of some rows all masks allow; of -1 it says anything."""
    there = masks[0].take(rows) if masks else np.ones(len(rows), bool)
    for each in masks[1:]:
        there &= each.take(rows)
    return there


def _nothing(num_queries: int, k: int) -> tuple[Array, Array]:
    return np.full((num_queries, k), -1, np.int64), np.full((num_queries, k), -np.inf, np.float32)
