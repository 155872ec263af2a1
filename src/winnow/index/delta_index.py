"""An index that has changed since it was built: a base, what came since, and what went."""

from dataclasses import dataclass, replace

import numpy as np

from winnow.index.best_rows import best_of_rows
from winnow.index.index import Index
from winnow.schema.column import Array, Bools


@dataclass(frozen=True, slots=True, kw_only=True)
class DeltaIndex:
    """Searches the base and, exactly, the vectors that came since; the better of both are answered.

    A base that nothing was changed in is searched directly and never becomes one of these, so that it pays nothing.

    Attributes:
        base: as it was built; never touched.
        live: bool [rows of the base], false for what was replaced or taken out.
        rows: int64 [M], rising: rows whose vectors are here.
        vectors: float32 [M, D], finite.
        num_items: rows that were ever given, taken out or not.
    """

    base: Index
    live: Bools
    rows: Array
    vectors: Array
    num_items: int

    @staticmethod
    def over(base: Index, embedding_dim: int) -> "DeltaIndex":
        """The base with no change yet."""
        return DeltaIndex(
            base=base,
            live=np.ones(base.num_items, bool),
            rows=np.empty(0, np.int64),
            vectors=np.empty((0, embedding_dim), np.float32),
            num_items=base.num_items,
        )

    def with_items(self, rows: Array, vectors: Array) -> "DeltaIndex":
        _check(rows, vectors, self.vectors.shape[1])
        rest = self.without(rows)
        rows_after = np.concatenate((rest.rows, rows))
        order = np.argsort(rows_after)
        return replace(
            rest,
            rows=rows_after[order],
            vectors=np.concatenate((rest.vectors, vectors.astype(np.float32)))[order],
            num_items=max(self.num_items, int(rows.max(initial=-1)) + 1),
        )

    def without(self, rows: Array) -> "DeltaIndex":
        live = self.live.copy()
        live[rows[(rows >= 0) & (rows < len(live))]] = False
        kept = ~np.isin(self.rows, rows)
        return replace(self, live=live, rows=self.rows[kept], vectors=self.vectors[kept])

    def search(self, queries: Array, k: int, allowed: Bools | None = None) -> tuple[Array, Array]:
        rows, scores = self.base.search(queries, k, self._may_of_base(allowed))
        if not len(self.rows):
            return rows, scores
        fresh = self._scores(queries, allowed)
        for query, line in enumerate(fresh):
            best, best_scores = best_of_rows(
                np.concatenate((rows[query], self.rows)), np.concatenate((scores[query], line)), k
            )
            rows[query], scores[query] = -1, -np.inf
            rows[query, : len(best)], scores[query, : len(best)] = best, best_scores
        return rows, scores

    def _may_of_base(self, allowed: Bools | None) -> Bools | None:
        # A mask costs the search of the base more than looking whether it says anything.
        inside = None if allowed is None else allowed[: len(self.live)]
        if self.live.all():
            return inside
        return self.live if inside is None else self.live & inside

    def _scores(self, queries: Array, allowed: Bools | None) -> Array:
        with np.errstate(over="ignore", invalid="ignore"):
            scores = queries.astype(np.float32, copy=False) @ self.vectors.T
        np.fmax(scores, -np.inf, out=scores)  # NaN becomes -inf
        if allowed is not None:
            scores[:, ~allowed[self.rows]] = -np.inf
        return scores


def _check(rows: Array, vectors: Array, embedding_dim: int) -> None:
    if vectors.shape != (len(rows), embedding_dim):
        raise ValueError(
            f"{len(rows)} rows came with vectors of the shape {list(vectors.shape)}; "
            f"{[len(rows), embedding_dim]} is wanted."
        )
    if len(np.unique(rows)) != len(rows) or (rows < 0).any():
        raise ValueError(f"Rows are given once each and are 0 or more; these came: {rows[:10].tolist()}.")
    if not np.isfinite(vectors).all():
        raise ValueError("An item vector is not finite; look for a training run that diverged.")
