"""From scored candidates to the answer: by descending score, or by weighted sampling without replacement."""

from dataclasses import dataclass

import numpy as np

from winnow.pipeline.candidates import Candidates
from winnow.pipeline.requests import Requests
from winnow.pipeline.roles import Selection
from winnow.schema.column import Array, Ints, offsets_of


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreSelector:
    """The best scores first, ties by item row; items flagged `seen` come after all others."""

    def select(self, requests: Requests, candidates: Candidates) -> Selection:
        """At most `requests.k` candidates of each request, propensity 1."""
        return _first(requests, candidates, candidates.array("score"))


@dataclass(frozen=True, slots=True, kw_only=True)
class GumbelSelector:
    """Sampling without replacement in proportion to exp(score / temperature), by the Gumbel top-k trick.

    The same request seed and candidates give the same answer. Items flagged `seen` come after all others.

    Attributes:
        temperature: above 0; small values come close to descending score.

    Source: Kool et al., Stochastic beams and where to find them, ICML 2019; the propensities are Plackett-Luce.
    """

    temperature: float = 1.0

    def select(self, requests: Requests, candidates: Candidates) -> Selection:
        """At most `requests.k` candidates of each request, with the probability of each pick given the earlier ones."""
        logits = candidates.array("score").astype(np.float64) / self.temperature
        noise = [
            np.random.default_rng(int(seed)).gumbel(size=int(count))
            for seed, count in zip(requests.seeds, candidates.counts, strict=True)
        ]
        selection = _first(requests, candidates, logits + np.concatenate([np.empty(0), *noise]))
        return Selection(
            rows=selection.rows,
            offsets=selection.offsets,
            propensities=_plackett_luce(logits, candidates.array("seen"), candidates, selection),
        )


def _first(requests: Requests, candidates: Candidates, keys: Array) -> Selection:
    """The first k of each request by (seen, -key, item row)."""
    seen = candidates.array("seen")
    request_of = candidates.request_of()
    order = np.lexsort((candidates.item_rows, -keys, seen, request_of))
    counts: Ints = np.minimum(candidates.counts, requests.k)
    place = np.arange(len(order)) - candidates.offsets[request_of]
    rows = order[place < counts[request_of]]
    return Selection(rows=rows, offsets=offsets_of(counts), propensities=np.ones(len(rows), np.float32))


def _plackett_luce(logits: Array, seen: Array, candidates: Candidates, selection: Selection) -> Array:
    """float32 [M]; within a request each tier (unseen, then seen) is a race of its own."""
    propensities = np.ones(len(selection.rows), np.float32)
    for request in range(len(candidates.offsets) - 1):
        mine = slice(int(candidates.offsets[request]), int(candidates.offsets[request + 1]))
        picks = slice(int(selection.offsets[request]), int(selection.offsets[request + 1]))
        for tier in (False, True):
            racing = logits[mine][seen[mine] == tier]
            chosen = selection.rows[picks]
            in_tier = seen[chosen] == tier
            propensities[picks][in_tier] = _race(racing, logits[chosen[in_tier]])
    return propensities


def _race(racing: Array, chosen: Array) -> Array:
    """Probability of each choice among those not chosen before it."""
    if not len(chosen):
        return np.empty(0, np.float32)
    weights = np.exp(racing - racing.max())
    picked = np.exp(chosen - racing.max())
    left = weights.sum() - np.concatenate([[0.0], np.cumsum(picked)[:-1]])
    return np.minimum(picked / np.maximum(left, picked), 1.0).astype(np.float32)
