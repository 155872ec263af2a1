"""Where candidates come from: nearest items by the query vector, and what is popular."""

from dataclasses import dataclass

import numpy as np

from winnow.index.index import Index
from winnow.pipeline.candidates import Candidates
from winnow.pipeline.catalogue import Catalogue
from winnow.pipeline.requests import Requests
from winnow.schema.column import Array, Bools, offsets_of


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnSource:
    """Items whose tower vectors have the largest inner product with the request's `query` column [B, D]."""

    index: Index
    catalogue: Catalogue

    def retrieve(self, requests: Requests, k: int) -> Candidates:
        """At most `k` allowed items a request; `score` is the inner product."""
        size = min(k, len(self.catalogue))
        rows, scores = self.index.search(requests.array("query"), size, self._mask())
        found = rows >= 0
        return Candidates(
            item_rows=rows[found], offsets=offsets_of(found.sum(axis=1)), columns={"score": scores[found]}
        )

    def _mask(self) -> Bools | None:
        return None if self.catalogue.all_allowed else self.catalogue.allowed


@dataclass(frozen=True, slots=True, kw_only=True)
class PopularSource:
    """The same items for everybody, most popular first.

    Attributes:
        order: int64 [I], every catalogue row, most popular first.
        weights: float32 [I] popularity by catalogue row.
    """

    order: Array
    weights: Array

    def retrieve(self, requests: Requests, k: int) -> Candidates:
        """The first `k` of the order for each request; `score` is the popularity."""
        first = self.order[:k]
        batch = len(requests)
        return Candidates(
            item_rows=np.tile(first, batch),
            offsets=np.arange(batch + 1) * len(first),
            columns={"score": np.tile(self.weights[first], batch)},
        )
