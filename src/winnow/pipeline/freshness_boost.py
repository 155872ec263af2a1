"""What is new is raised for a while."""

from dataclasses import dataclass

import numpy as np

from winnow.pipeline.candidates import Candidates
from winnow.pipeline.requests import Requests
from winnow.schema.column import Array


@dataclass(frozen=True, slots=True, kw_only=True)
class FreshnessBoost:
    """Adds amount * 2^(-age / half-life) to the score; a scorer, so that it can neither add nor drop an item.

    The age is the time from when the item was first had to the request, and 0 for what nobody had yet.

    Attributes:
        first_at: float64 [I], UTC seconds by item row, +inf for what nobody had yet.
        amount: what a new item gains, in units of the score.
        half_life_s: above 0.
    """

    first_at: Array
    amount: float
    half_life_s: float

    def score(self, requests: Requests, candidates: Candidates) -> Array:
        """float32 [N]; NaN stays NaN."""
        age_s = np.maximum(requests.at[candidates.request_of()] - self.first_at[candidates.item_rows], 0)
        raised = candidates.array("score") + self.amount * np.exp2(-age_s / self.half_life_s)
        return raised.astype(np.float32)
