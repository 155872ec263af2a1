"""Maximal marginal relevance: each pick is good, and unlike the one before that it is most alike."""

from dataclasses import dataclass

import numpy as np

from winnow.pipeline.candidates import Candidates
from winnow.pipeline.greedy import greedy
from winnow.pipeline.requests import Requests
from winnow.pipeline.roles import Selection
from winnow.pipeline.tradeoff import Tradeoff
from winnow.schema.column import Array

UNLIKE = -2.0
"""Below every cosine: what stands where nothing has been picked, the same for all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MmrSelector:
    """The next pick has the largest (1 - diversity) * relevance - diversity * (largest cosine with a pick before it).

    With a diversity of 0 it answers as ScoreSelector does. At 0.5, a standard deviation of the scores is worth a cosine
    of 1. Items flagged `seen` come after all others, NaN after every number, ties by score and then by item row.

    Attributes:
        vectors: float32 [I, D], item-tower vectors of any length; the cosine with a zero vector is 0.
        tradeoff: diversity, and what a request may make of it.

    Source: Carbonell and Goldstein, The use of MMR, SIGIR 1998.
    """

    vectors: Array
    tradeoff: Tradeoff

    def select(self, requests: Requests, candidates: Candidates) -> Selection:
        """At most `requests.k` candidates of each request, propensity 1; reads `relevance`."""
        return greedy(requests, candidates, self.vectors, self.tradeoff.of(requests), _Marginal)


class _Marginal:
    """A product of a matrix with a vector each pick."""

    def __init__(self, relevance: Array, units: Array, diversity: float, picks: int) -> None:
        self._own = ((1 - diversity) * relevance).astype(np.float64)
        self._units = units
        self._weighed = units * np.float32(diversity)
        self._alike = np.full(len(units), UNLIKE * diversity, np.float32)

    def worth(self) -> Array:
        return self._own - self._alike

    def pick(self, place: int) -> None:
        np.maximum(self._alike, self._weighed @ self._units[place], out=self._alike)
