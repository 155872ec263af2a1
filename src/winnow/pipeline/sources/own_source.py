"""Back to what one had."""

from dataclasses import dataclass

import numpy as np

from winnow.pipeline.candidates import Candidates
from winnow.pipeline.requests import Requests
from winnow.pipeline.sources.best_sums import best_of_each


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnSource:
    """The request's `had` items, the most frequent first; among equal numbers the latest."""

    def retrieve(self, requests: Requests, k: int) -> Candidates:
        """At most `k` items a request; `score` is how often the item was had."""
        had, times = requests.ragged("had"), requests.ragged("had_times").values.astype(np.float32)
        best, offsets = best_of_each(times, had.offsets, k)
        return Candidates(item_rows=had.values[best], offsets=offsets, columns={"score": times[best]})
