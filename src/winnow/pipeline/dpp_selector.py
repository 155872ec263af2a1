"""A determinantal point process: the picks together are good, and span as much room as they can."""

from dataclasses import dataclass

import numpy as np

from winnow.pipeline.candidates import Candidates
from winnow.pipeline.greedy import greedy
from winnow.pipeline.requests import Requests
from winnow.pipeline.roles import Selection
from winnow.pipeline.tradeoff import Tradeoff
from winnow.schema.column import Array

FLOOR = 1e-6
"""Of an item's own part of the determinant: less than that is rounding of float32."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DppSelector:
    """The next pick adds most to (1 - diversity) * sum of relevance + diversity * log det of the picks' similarities.

    This is the greedy search for the most probable set of a DPP with the kernel exp(a r_i) S_ij exp(a r_j), where a is
    (1 - diversity) / (2 diversity); S_ij is (1 + cosine) / 2, so that opposite items are the least alike. In logarithms
    there is nothing to overflow, and a diversity of 0 is the order of ScoreSelector.

    Once the picks span what an item adds to (always, after D + 1 of them), its own part of the determinant is held at
    1e-6; where that is so for all that is left, they come by score. Items flagged `seen` come after all others, NaN
    after every number, ties by score and then by item row.

    Attributes:
        vectors: float32 [I, D], item-tower vectors of any length; the cosine with a zero vector is 0.
        tradeoff: diversity, and what a request may make of it.

    Source: Chen, Zhang and Zhou, Fast greedy MAP inference for determinantal point process, NeurIPS 2018.
    """

    vectors: Array
    tradeoff: Tradeoff

    def select(self, requests: Requests, candidates: Candidates) -> Selection:
        """At most `requests.k` candidates of each request, propensity 1; reads `relevance`."""
        return greedy(requests, candidates, self.vectors, self.tradeoff.of(requests), _Determinant)


class _Determinant:
    """The Cholesky factor of S, which grows by a row each pick: O(k n D + k^2 n) in all."""

    def __init__(self, relevance: Array, units: Array, diversity: float, picks: int) -> None:
        self._own = (1 - diversity) * relevance
        self._diversity = diversity
        self._units = units.astype(np.float64)
        self._factor = np.empty((picks, len(units)))
        self._size = 0
        self._left = np.ones(len(units))

    def worth(self) -> Array:
        return self._own + self._diversity * np.log(np.maximum(self._left, FLOOR))

    def pick(self, place: int) -> None:
        if self._left[place] <= FLOOR:
            return  # it lies within what the picks span, and takes nothing from anybody
        before = self._factor[: self._size]
        row = (1 + self._units @ self._units[place]) / 2 - before[:, place] @ before
        row /= np.sqrt(self._left[place])
        self._factor[self._size] = row
        self._size += 1
        self._left -= row * row
