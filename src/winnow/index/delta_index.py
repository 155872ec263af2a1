"""An index that has changed since it was built: a base, what came since, and what went."""

from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np

from winnow.index.best_rows import best_of_rows
from winnow.index.checks import check_change
from winnow.index.index import Index
from winnow.index.inner_products import inner_products
from winnow.index.nearby import Nearby, search_nearby
from winnow.schema.column import Array, Bools


class Base(Index, Nearby, Protocol):
    """An approximate index, as it was built."""


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

    base: Base
    live: Bools
    rows: Array
    vectors: Array
    num_items: int
    _share_live: float = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_share_live", np.count_nonzero(self.live) / max(1, len(self.live)))

    @staticmethod
    def over(base: Base, embedding_dim: int) -> "DeltaIndex":
        """The base with no change yet."""
        return DeltaIndex(
            base=base,
            live=np.ones(base.num_items, bool),
            rows=np.empty(0, np.int64),
            vectors=np.empty((0, embedding_dim), np.float32),
            num_items=base.num_items,
        )

    def with_items(self, rows: Array, vectors: Array, whole: Array | None = None) -> "DeltaIndex":
        check_change(rows, vectors, self.vectors.shape[1])
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
        of_base = None if allowed is None else allowed[: len(self.live)]
        rows, scores = search_nearby(self.base, queries, k, of_base, self.live, self._share_live)
        if len(self.rows) and k:
            for query, fresh in enumerate(inner_products(queries, self.vectors)):
                better = (fresh >= scores[query, -1]).nonzero()[0]
                if len(better):
                    self._mix_in(rows[query], scores[query], fresh, better, allowed)
        return rows, scores

    def _mix_in(self, rows: Array, scores: Array, fresh: Array, better: Array, allowed: Bools | None) -> None:
        """Puts what is better, or as good and earlier, into its place, where it is allowed."""
        if allowed is not None:
            better = better[allowed[self.rows[better]]]
        if len(better):
            both = np.concatenate((rows, self.rows[better])), np.concatenate((scores, fresh[better]))
            best, best_scores = best_of_rows(*both, len(rows))
            rows[: len(best)], scores[: len(best)] = best, best_scores
