"""Exact search in NumPy."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from winnow.index.best_rows import best_rows
from winnow.index.checks import check_change, check_queries, check_vectors
from winnow.index.index_card import IndexCard
from winnow.index.inner_products import inner_products
from winnow.schema.column import Array, Bools

EXACT = "exact"
SCORES_AT_ONCE = 1 << 23
FEW = 8
"""Where fewer than one row in so many is allowed, only the allowed ones are read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExactIndex:
    """Scores every item; the fastest choice for small catalogues, and the measure of all others.

    A change copies the vectors, unless the catalogue has done so; a search pays nothing for it.

    Attributes:
        vectors: float32 [N, D], finite. Held, not copied: the catalogue's own array serves.
        live: bool [N], false for rows that were taken out or never given; None where all are there.
    """

    vectors: Array
    live: Bools | None = None

    def __post_init__(self) -> None:
        check_vectors(self.vectors)

    @property
    def num_items(self) -> int:
        return len(self.vectors)

    def search(self, queries: Array, k: int, allowed: Bools | None = None) -> tuple[Array, Array]:
        check_queries(queries, self.vectors.shape[1])
        return search_exactly(self.vectors, queries, k, self._there(allowed))

    def with_items(self, rows: Array, vectors: Array, whole: Array | None = None) -> "ExactIndex":
        check_change(rows, vectors, self.vectors.shape[1])
        made, live = with_rows(self.vectors, self.live, rows, vectors, whole)
        return ExactIndex(vectors=made, live=live)

    def without(self, rows: Array) -> "ExactIndex":
        return replace(self, live=without_rows(self.num_items, self.live, rows))

    def _there(self, allowed: Bools | None) -> Bools | None:
        return allowed if self.live is None else self.live if allowed is None else self.live & allowed

    def save(self, folder: Path) -> None:
        """Write `index.json` only: the vectors are the catalogue's, which `open_index` is given."""
        num_items, embedding_dim = self.vectors.shape
        IndexCard(kind=EXACT, num_items=num_items, embedding_dim=embedding_dim, recall=1.0).save(folder)


def with_rows(
    vectors: Array, live: Bools | None, rows: Array, given: Array, whole: Array | None
) -> tuple[Array, Bools | None]:
    """Copies of vectors [N, D] and of which of them are there, with rows given anew; None where all are there.

    Of the vectors `whole` is such a copy, if somebody has it.
    """
    before, size = len(vectors), max(len(vectors), int(rows.max(initial=-1)) + 1)
    made = np.zeros((size, vectors.shape[1]), np.float32) if whole is None else whole
    if whole is None:
        made[:before], made[rows] = vectors, given
    there = np.zeros(size, bool)
    there[:before] = True if live is None else live
    there[rows] = True
    return made, None if there.all() else there


def without_rows(size: int, live: Bools | None, rows: Array) -> Bools:
    """A copy of which rows of so many are there, without some; rows beyond are passed over."""
    there = np.ones(size, bool) if live is None else live.copy()
    there[rows[(rows >= 0) & (rows < size)]] = False
    return there


def search_exactly(vectors: Array, queries: Array, k: int, allowed: Bools | None = None) -> tuple[Array, Array]:
    """What `Index.search` promises, by reading every vector that is allowed; float32 [N, D], finite."""
    if allowed is None:
        return _search(queries, vectors, k, None)
    if FEW * np.count_nonzero(allowed) >= len(vectors):
        return _search(queries, vectors, k, ~allowed)
    only = np.flatnonzero(allowed)
    rows, scores = _search(queries, vectors[only], k, None)
    found = rows >= 0
    rows[found] = only[rows[found]]
    return rows, scores


def _search(queries: Array, vectors: Array, k: int, refused: Bools | None) -> tuple[Array, Array]:
    if len(queries) == 1:
        scores = _scores(queries, vectors, refused)[0]
        best = best_rows(scores, k)
        if len(best) == k:
            return best[None], scores[best][None]
    rows = np.full((len(queries), k), -1, np.int64)
    scores = np.full((len(queries), k), -np.inf, np.float32)
    # Memory stays bounded however many queries come: 32 MiB of scores, or those of one query.
    step = max(1, SCORES_AT_ONCE // max(1, len(vectors)))
    for start in range(0, len(queries), step):
        part = slice(start, start + step)
        _fill(rows[part], scores[part], _scores(queries[part], vectors, refused))
    return rows, scores


def _scores(queries: Array, vectors: Array, refused: Bools | None) -> Array:
    scores = inner_products(queries, vectors)
    if refused is not None:
        np.copyto(scores, -np.inf, where=refused)
    return scores


def _fill(rows: Array, scores: Array, all_scores: Array) -> None:
    for query, line in enumerate(all_scores):
        best = best_rows(line, rows.shape[1])
        rows[query, : len(best)] = best
        scores[query, : len(best)] = line[best]
