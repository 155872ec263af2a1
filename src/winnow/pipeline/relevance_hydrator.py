"""Scores made comparable: what diversity is weighed against."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from winnow.pipeline.candidates import Candidates
from winnow.pipeline.requests import Requests
from winnow.schema.column import Array, Bools, Column

MOST = 1e3
"""Standard deviations that a score counts for at most, so that an infinite one can be added to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RelevanceHydrator:
    """Adds `relevance` float64 [N]: the score in standard deviations from the mean of its request's finite scores.

    So one trade-off means the same for a ranker's logits and for inner products, and few bad candidates do not change
    it much, as they would change a scale from worst to best. It is 0 where all scores are one, and where there is no
    score (NaN); -1000 or 1000 at most. The order is that of the scores.

    It is a column, and not made by the selector, so that a selector that is asked again for what caps and pins leave
    goes on measuring with the same rod.
    """

    def columns(self, requests: Requests, candidates: Candidates) -> Mapping[str, Column]:
        """From `score`."""
        scores = candidates.array("score").astype(np.float64)
        finite = np.isfinite(scores)
        away = scores - _mean(candidates, scores, finite)
        spread = np.sqrt(_mean(candidates, away * away, finite))
        with np.errstate(divide="ignore", invalid="ignore"):
            relevance = np.where(finite & (spread == 0), 0, away / spread)
        relevance[~finite] = scores[~finite]
        return {"relevance": np.clip(np.nan_to_num(relevance, nan=0.0), -MOST, MOST)}


def _mean(candidates: Candidates, values: Array, counting: Bools) -> Array:
    """float64 [N], of those of each candidate's request that count; 0 where none does."""
    request_of = candidates.request_of()
    sums = np.bincount(request_of, np.where(counting, values, 0), minlength=len(candidates.counts))
    return (sums / np.maximum(np.bincount(request_of, counting, minlength=len(sums)), 1))[request_of]
