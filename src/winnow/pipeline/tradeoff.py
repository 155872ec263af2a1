"""How much diversity the recipe wants, and how far a request may depart from it."""

from dataclasses import dataclass

from winnow.pipeline.requests import Requests
from winnow.pipeline.within_limits import within_limits
from winnow.schema.column import Array


@dataclass(frozen=True, slots=True, kw_only=True)
class Tradeoff:
    """How much novelty counts against relevance.

    Attributes:
        diversity: 0 for relevance alone, 1 for novelty alone; where a request does not say.
        limits: what a request may say; beyond them it gets the nearest limit.
    """

    diversity: float
    limits: tuple[float, float] = (0.0, 1.0)

    def of(self, requests: Requests) -> Array:
        """float64 [B]."""
        return within_limits(requests.diversity, self.limits, self.diversity, len(requests))
