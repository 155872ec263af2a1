"""What is promoted is raised."""

from dataclasses import dataclass

from winnow.pipeline.candidates import Candidates
from winnow.pipeline.requests import Requests
from winnow.schema.column import Array


@dataclass(frozen=True, slots=True, kw_only=True)
class PromotionBoost:
    """Adds a stated amount to the score of some items; a scorer, so that it can neither add nor drop an item.

    Attributes:
        amounts: float32 [I] by item row, in units of the score; 0 for most, below 0 to lower an item.
    """

    amounts: Array

    def score(self, requests: Requests, candidates: Candidates) -> Array:
        """float32 [N]; NaN stays NaN."""
        return candidates.array("score") + self.amounts[candidates.item_rows]
