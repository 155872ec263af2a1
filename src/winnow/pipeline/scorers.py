"""Scores: the ranker's click logit, or the two-tower affinity where a bundle has no ranker."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from winnow.pipeline.candidates import Candidates
from winnow.pipeline.request_hydrators import Model
from winnow.pipeline.requests import Requests
from winnow.schema.column import Array, Ragged


@dataclass(frozen=True, slots=True, kw_only=True)
class AffinityScorer:
    """Inner product of the query vector with the item-tower vector.

    Attributes:
        tower: float32 [I, D] by item row.
    """

    tower: Array

    def score(self, requests: Requests, candidates: Candidates) -> Array:
        """float32 [N]."""
        query, tower = requests.array("query"), self.tower.take(candidates.item_rows, axis=0)
        if len(requests) == 1:
            return tower @ query[0]
        return np.einsum("nd,nd->n", tower, query[candidates.request_of()])


@dataclass(frozen=True, slots=True, kw_only=True)
class DlrmScorer:
    """The ranker: the user side is given once a request, the item side once a candidate.

    Attributes:
        model: request inputs [B, ...] and candidate inputs [B, C, ...] in, `score` [B, C] out, and others [B, C, ...].
        request_inputs, candidate_inputs: columns that the model reads.
    """

    model: Model
    request_inputs: Sequence[str]
    candidate_inputs: Sequence[str]

    def score(self, requests: Requests, candidates: Candidates) -> Array:
        """float32 [N]."""
        return self.answers(requests, candidates)["score"]

    def answers(self, requests: Requests, candidates: Candidates) -> Mapping[str, Array]:
        """All outputs by name, [N, ...].

        Requests with fewer candidates than the largest are padded and the padding dropped.
        """
        feed = {name: requests.array(name) for name in self.request_inputs}
        if len(requests) == 1:
            own = {name: candidates.array(name)[None] for name in self.candidate_inputs}
            return {name: each[0] for name, each in self.model({**feed, **own}).items()}
        width = int(candidates.counts.max(initial=1))
        present = np.arange(width) < candidates.counts[:, None]
        for name in self.candidate_inputs:
            feed[name] = Ragged(candidates.array(name), candidates.offsets).padded(width)
        return {name: each[present] for name, each in self.model(feed).items()}
