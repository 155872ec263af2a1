"""The nearest items by the query vector."""

from dataclasses import dataclass

import numpy as np

from winnow.index.index import Index
from winnow.pipeline.candidates import Candidates
from winnow.pipeline.catalogue import Catalogue
from winnow.pipeline.requests import Requests
from winnow.schema.column import Array, Bools, offsets_of, one_row


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnSource:
    """Items whose tower vectors have the largest inner product with the request's `query` column [B, D]."""

    index: Index
    catalogue: Catalogue

    def retrieve(self, requests: Requests, k: int) -> Candidates:
        """At most `k` allowed and wanted items a request; `score` is the inner product."""
        rows, scores = self._search(requests, min(k, len(self.catalogue)))
        if len(rows) == 1 and (not rows.size or rows.item(-1) >= 0):  # what is not there comes last
            return Candidates(item_rows=rows[0], offsets=one_row(len(rows[0])), columns={"score": scores[0]})
        found = rows >= 0
        return Candidates(
            item_rows=rows[found], offsets=offsets_of(found.sum(axis=1)), columns={"score": scores[found]}
        )

    def _search(self, requests: Requests, k: int) -> tuple[Array, Array]:
        query, allowed = requests.array("query"), None if self.catalogue.all_allowed else self.catalogue.allowed
        if not requests.filters:
            return self.index.search(query, k, allowed)
        masks = [_both(allowed, wanted) for wanted in requests.filters]
        parts = [self.index.search(query[[place]], k, mask) for place, mask in enumerate(masks)]
        return np.concatenate([rows for rows, _ in parts]), np.concatenate([scores for _, scores in parts])


def _both(allowed: Bools | None, wanted: Bools | None) -> Bools | None:
    if allowed is None or wanted is None:
        return wanted if allowed is None else allowed
    return allowed & wanted
