"""From scored candidates to the answer: by descending score, or by weighted sampling without replacement."""

from dataclasses import dataclass

import numpy as np

from winnow.index.best_rows import clearly_best
from winnow.pipeline.candidates import Candidates
from winnow.pipeline.picking import first, ranked
from winnow.pipeline.requests import Requests
from winnow.pipeline.roles import Selection
from winnow.pipeline.within_limits import within_limits
from winnow.schema.column import Array
from winnow.schema.mixed_bits import STEP, mixed_bits

COLDEST = 1e-6
"""Scores over a lesser temperature might be beyond what a number can hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreSelector:
    """The best scores first, ties by item row; items flagged `seen` come after all others, NaN after every number."""

    def select(self, requests: Requests, candidates: Candidates) -> Selection:
        """At most `requests.k` candidates of each request, propensity 1."""
        scores, order = candidates.array("score"), None
        # Of a request alone, as most come, nobody asks for the rest.
        if len(requests) == 1 and not np.count_nonzero(candidates.array("seen")):
            order = clearly_best(scores, int(requests.k[0]))
        order = ranked(candidates, scores) if order is None else order
        return first(requests, candidates, order, np.ones(len(order), np.float32))


@dataclass(frozen=True, slots=True, kw_only=True)
class GumbelSelector:
    """Sampling without replacement in proportion to exp(score / temperature), by the Gumbel top-k trick.

    The same request seed and candidates give the same answer, and an item has the same luck among any others. Items
    flagged `seen` come after all others. A score that is infinite or not a number takes no part in the draw: such an
    item comes first (inf) or last, with propensity 1.

    Attributes:
        temperature: small values come close to descending score; below COLDEST nothing is drawn, it is that order, and
            every propensity is 1.
        limits: the least and the most temperature that a request may ask for instead.

    Source: Kool et al., Stochastic beams and where to find them, ICML 2019; the propensities are Plackett-Luce.
    """

    temperature: float = 1.0
    limits: tuple[float, float] = (0.0, 1.0)

    def select(self, requests: Requests, candidates: Candidates) -> Selection:
        """At most `requests.k` candidates of each request, with the probability of each pick given the earlier ones."""
        asked = within_limits(requests.explore, self.limits, self.temperature, len(requests))
        temperature = asked[candidates.request_of()]
        drawn = temperature >= COLDEST
        logits = candidates.array("score") / np.where(drawn, temperature, 1)
        order = ranked(candidates, logits + np.where(drawn, _noise(requests, candidates), 0))
        tiers = 2 * candidates.request_of() + candidates.array("seen")
        return first(requests, candidates, order, _plackett_luce(np.where(drawn, logits, np.nan)[order], tiers[order]))


def _noise(requests: Requests, candidates: Candidates) -> Array:
    """float64 [N], each of its item and the seed of its request.

    Who else is a candidate, and in which place, changes no item's luck: so the answer of a moment ago is explained by
    the draw that made it, though there are other candidates by now.
    """
    # Seeds that follow each other are steps apart, as rows are: mixed first, no two of them share a sequence.
    seeds = mixed_bits(requests.seeds)[candidates.request_of()]
    bits = mixed_bits(seeds + candidates.item_rows.astype(np.uint64) * STEP)
    # 53 of them, in the middle of their steps: neither 0 nor 1.
    drawn = ((bits >> np.uint64(11)).astype(np.float64) + 0.5) / 2**53
    return -np.log(-np.log(drawn))


def _plackett_luce(logits: Array, tiers: Array) -> Array:
    """float32 [N], probability of each pick among all of its tier that were not picked before it.

    Summed from the last pick to the first in logarithms, so that what a strong pick leaves is not lost to rounding.

    Args:
        logits: float64 [N], in the order of the picks.
        tiers: int64 [N], rising; each is a race of its own.
    """
    propensities = np.ones(len(logits), np.float32)
    racing = np.flatnonzero(np.isfinite(logits))
    for race in np.split(racing, np.flatnonzero(np.diff(tiers[racing])) + 1):
        left = np.logaddexp.accumulate(logits[race][::-1])[::-1]
        propensities[race] = np.exp(logits[race] - left)
    return propensities
