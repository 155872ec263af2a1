"""Exact search in NumPy."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from winnow.index.best_rows import best_rows
from winnow.index.delta_index import DeltaIndex
from winnow.index.index_card import IndexCard
from winnow.schema.column import Array, Bools

EXACT = "exact"
SCORES_AT_ONCE = 1 << 23


@dataclass(frozen=True, slots=True, kw_only=True)
class ExactIndex:
    """Scores every item; the fastest choice for small catalogues, and the measure of all others.

    Attributes:
        vectors: float32 [N, D], finite. Held, not copied: the catalogue's own array serves.
    """

    vectors: Array

    def __post_init__(self) -> None:
        if self.vectors.ndim != 2 or self.vectors.dtype != np.float32:
            raise ValueError(
                f"An index takes float32 vectors [N, D]; these are {self.vectors.dtype} {list(self.vectors.shape)}."
            )
        broken = np.flatnonzero(~np.isfinite(self.vectors).all(axis=1))
        if len(broken):
            raise ValueError(
                f"{len(broken)} of {len(self.vectors)} item vectors are not finite, the first in row {broken[0]}; "
                "look for a training run that diverged."
            )

    @property
    def num_items(self) -> int:
        return len(self.vectors)

    def search(self, queries: Array, k: int, allowed: Bools | None = None) -> tuple[Array, Array]:
        rows = np.full((len(queries), k), -1, np.int64)
        scores = np.full((len(queries), k), -np.inf, np.float32)
        if not self.num_items:
            return rows, scores
        refused = None if allowed is None else ~allowed
        # Memory stays bounded however many queries come: 32 MiB of scores, or those of one query.
        step = max(1, SCORES_AT_ONCE // self.num_items)
        for start in range(0, len(queries), step):
            part = slice(start, start + step)
            _fill(rows[part], scores[part], self._scores(queries[part], refused))
        return rows, scores

    def with_items(self, rows: Array, vectors: Array) -> DeltaIndex:
        return DeltaIndex.over(self, self.vectors.shape[1]).with_items(rows, vectors)

    def without(self, rows: Array) -> DeltaIndex:
        return DeltaIndex.over(self, self.vectors.shape[1]).without(rows)

    def save(self, folder: Path) -> None:
        """Write `index.json` only: the vectors are the catalogue's, which `open_index` is given."""
        num_items, embedding_dim = self.vectors.shape
        IndexCard(kind=EXACT, num_items=num_items, embedding_dim=embedding_dim, recall=1.0).save(folder)

    def _scores(self, queries: Array, refused: Bools | None) -> Array:
        # Infinite or huge queries overflow to inf and NaN, for which the contract has an answer.
        with np.errstate(over="ignore", invalid="ignore"):
            scores = queries.astype(np.float32, copy=False) @ self.vectors.T
        np.fmax(scores, -np.inf, out=scores)  # NaN becomes -inf
        if refused is not None:
            np.copyto(scores, -np.inf, where=refused)
        return scores


def _fill(rows: Array, scores: Array, all_scores: Array) -> None:
    for query, line in enumerate(all_scores):
        best = best_rows(line, rows.shape[1])
        rows[query, : len(best)] = best
        scores[query, : len(best)] = line[best]
