"""One list for everybody: what is popular, what is trending, what is new."""

from dataclasses import dataclass

import numpy as np

from winnow.pipeline.candidates import Candidates
from winnow.pipeline.requests import Requests
from winnow.schema.column import Array, one_row


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedSource:
    """The same items for everybody, in one order.

    Attributes:
        order: int64 [M], catalogue rows, best first.
        weights: float32 [I] by catalogue row, what the order follows.
    """

    order: Array
    weights: Array

    @staticmethod
    def by_weight(weights: Array, rows: Array | None = None) -> "SharedSource":
        """The largest weight first, ties by row.

        Args:
            weights: float32 [I].
            rows: rising rows that are listed; all by default.
        """
        order = np.argsort(-(weights if rows is None else weights[rows]), kind="stable")
        return SharedSource(order=order if rows is None else rows[order], weights=weights)

    def retrieve(self, requests: Requests, k: int) -> Candidates:
        """The first `k` of the order for each request; `score` is the weight."""
        first = self.order[:k]
        batch = len(requests)
        if batch == 1:  # as most come, and nothing is to be repeated
            score = {"score": self.weights.take(first)}
            return Candidates(item_rows=first, offsets=one_row(len(first)), columns=score)
        return Candidates(
            item_rows=np.tile(first, batch),
            offsets=np.arange(batch + 1) * len(first),
            columns={"score": np.tile(self.weights[first], batch)},
        )
