"""What is worth more than its clicks is raised."""

from dataclasses import dataclass

import numpy as np

from winnow.pipeline.candidates import Candidates
from winnow.pipeline.click_hydrators import AFTER, CLICKS
from winnow.pipeline.requests import Requests
from winnow.schema.column import Array, Bools

LEAST = 1e-3
"""Of what a click alone is worth: less than this, or nothing, counts as this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorthCombiner:
    """Adds the logarithm of what a click on the candidate is worth to its score; a scorer, it cannot drop an item.

    So where the score is the logarithm of a chance to be chosen, up to a number for each request, it becomes that of
    what showing the candidate is worth. What follows on a click counts with its chance given a click; what needs none
    with its chance as shown, for each click.

    Attributes:
        click: what a click alone is worth, above 0.
        worth: float64 [H], what each of the outcomes in `after` is worth besides.
        as_shown: bool [H], which of them need no click.
    """

    click: float
    worth: Array
    as_shown: Bools

    def score(self, requests: Requests, candidates: Candidates) -> Array:
        """float32 [N]; NaN stays NaN."""
        chances = candidates.array(AFTER).astype(np.float64)
        clicked = np.exp(candidates.array(CLICKS)[:, :1].astype(np.float64))
        for_each_click = np.divide(chances, clicked, out=chances, where=self.as_shown & (clicked > 0))
        worth = self.click + for_each_click @ self.worth
        return (candidates.array("score") + np.log(np.maximum(worth, LEAST * self.click))).astype(np.float32)
