"""Exact search in NumPy."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from winnow.index.best_rows import best_rows
from winnow.index.delta_index import DeltaIndex
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

    Attributes:
        vectors: float32 [N, D], finite. Held, not copied: the catalogue's own array serves.
    """

    vectors: Array

    def __post_init__(self) -> None:
        check_vectors(self.vectors)

    @property
    def num_items(self) -> int:
        return len(self.vectors)

    def search(self, queries: Array, k: int, allowed: Bools | None = None) -> tuple[Array, Array]:
        return search_exactly(self.vectors, queries, k, allowed)

    def with_items(self, rows: Array, vectors: Array) -> DeltaIndex:
        return DeltaIndex.over(self, self.vectors.shape[1]).with_items(rows, vectors)

    def without(self, rows: Array) -> DeltaIndex:
        return DeltaIndex.over(self, self.vectors.shape[1]).without(rows)

    def save(self, folder: Path) -> None:
        """Write `index.json` only: the vectors are the catalogue's, which `open_index` is given."""
        num_items, embedding_dim = self.vectors.shape
        IndexCard(kind=EXACT, num_items=num_items, embedding_dim=embedding_dim, recall=1.0).save(folder)


def check_vectors(vectors: Array) -> None:
    """Refuses what cannot be searched.

    Raises:
        ValueError: the vectors are not float32 [N, D], or not finite.
    """
    if vectors.ndim != 2 or vectors.dtype != np.float32:
        raise ValueError(f"An index takes float32 vectors [N, D]; these are {vectors.dtype} {list(vectors.shape)}.")
    broken = np.flatnonzero(~np.isfinite(vectors).all(axis=1))
    if len(broken):
        raise ValueError(
            f"{len(broken)} of {len(vectors)} item vectors are not finite, the first in row {broken[0]}; "
            "look for a training run that diverged."
        )


def search_exactly(vectors: Array, queries: Array, k: int, allowed: Bools | None = None) -> tuple[Array, Array]:
    """What `Index.search` promises, by reading every vector that is allowed; float32 [N, D], finite."""
    rows = np.full((len(queries), k), -1, np.int64)
    scores = np.full((len(queries), k), -np.inf, np.float32)
    if allowed is not None and FEW * np.count_nonzero(allowed) < len(vectors):
        only = np.flatnonzero(allowed)
        _search(rows, scores, queries, vectors[only])
        found = rows >= 0
        rows[found] = only[rows[found]]
    else:
        _search(rows, scores, queries, vectors, None if allowed is None else ~allowed)
    return rows, scores


def _search(rows: Array, scores: Array, queries: Array, vectors: Array, refused: Bools | None = None) -> None:
    # Memory stays bounded however many queries come: 32 MiB of scores, or those of one query.
    step = max(1, SCORES_AT_ONCE // max(1, len(vectors)))
    for start in range(0, len(queries), step):
        part = slice(start, start + step)
        _fill(rows[part], scores[part], inner_products(queries[part], vectors), refused)


def _fill(rows: Array, scores: Array, all_scores: Array, refused: Bools | None) -> None:
    if refused is not None:
        np.copyto(all_scores, -np.inf, where=refused)
    for query, line in enumerate(all_scores):
        best = best_rows(line, rows.shape[1])
        rows[query, : len(best)] = best
        scores[query, : len(best)] = line[best]
