"""An approximate index that stays as it was built."""

from abc import ABC, abstractmethod

import numpy as np

from winnow.index.delta_index import DeltaIndex
from winnow.index.nearby import reaching_further, search_nearby
from winnow.schema.column import Array, Bools


class BuiltIndex(ABC):
    """What is promised of an index whose changes lie beside it.

    Attributes:
        vectors: float32 [N, D] that it was built from.
    """

    __slots__ = ()

    vectors: Array

    @property
    def num_items(self) -> int:
        """N."""
        return len(self.vectors)

    @property
    def live(self) -> None:
        """Changes lie beside it, so all of its rows are there."""
        return None

    def search(self, queries: Array, k: int, allowed: Bools | None = None) -> tuple[Array, Array]:
        """As in Index."""
        return search_nearby(self, queries, k, allowed)

    def with_items(self, rows: Array, vectors: Array, whole: Array | None = None) -> DeltaIndex:
        """As in Index."""
        return DeltaIndex.over(self, self.vectors.shape[1]).with_items(rows, vectors, whole)

    def without(self, rows: Array) -> DeltaIndex:
        """As in Index."""
        return DeltaIndex.over(self, self.vectors.shape[1]).without(rows)

    @abstractmethod
    def nearest(self, queries: Array, num: int, allowed: Bools | None, further: float) -> tuple[Array, Array]:
        """As in Nearby."""

    def reaching(
        self, query: Array, num: int, allowed: Bools | None, further: float, score: np.float32
    ) -> tuple[Array, Array]:
        """As in Nearby."""
        return reaching_further(self, query, num, allowed, further, score)
