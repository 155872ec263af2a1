"""The nearest items by the query vector."""

from dataclasses import dataclass

from winnow.index.index import Index
from winnow.pipeline.candidates import Candidates
from winnow.pipeline.catalogue import Catalogue
from winnow.pipeline.requests import Requests
from winnow.schema.column import Bools, offsets_of


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
