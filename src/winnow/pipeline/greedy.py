"""Picking one at a time, each by its own worth and by what it adds to those before it."""

from collections.abc import Callable
from typing import Protocol

import numpy as np

from winnow.pipeline.candidates import Candidates
from winnow.pipeline.picking import joined, ranked
from winnow.pipeline.requests import Requests
from winnow.pipeline.roles import Selection
from winnow.schema.column import Array, one_row


class Gains(Protocol):
    """What each of n items is worth next, after some were picked; it changes with every pick."""

    def worth(self) -> Array:
        """A new array, float [n], with finite numbers."""
        ...

    def pick(self, place: int) -> None:
        """The item at this place is among the picked from now on."""
        ...


GainsOf = Callable[[Array, Array, float, int], Gains]
"""Of relevance float64 [n], unit vectors float32 [n, D], diversity, and the number of picks that may come."""


def greedy(requests: Requests, candidates: Candidates, vectors: Array, diversity: Array, gains: GainsOf) -> Selection:
    """The best next one, k times: the seen after all others, no score (NaN) after scores, ties by score and item row.

    What earlier pages showed counts as picked. Picks have the propensity 1.

    Args:
        requests: B of them.
        candidates: with `relevance`.
        vectors: float32 [I, D] by item row, of any length; a zero vector is like nothing.
        diversity: float64 [B].
        gains: how worth is reckoned.
    """
    order = ranked(candidates, candidates.array("score"))
    parts: list[Selection] = []
    for request, share in enumerate(diversity.tolist()):
        own = order[candidates.offsets[request] : candidates.offsets[request + 1]]
        rows = own[: int(requests.k[request])]
        if len(rows):
            shown = requests.earlier(request)
            reckoned = _reckoned(candidates, own, vectors, shown[shown >= 0])
            rows = own[_places(gains(*reckoned, share, len(rows) + len(shown)), _stops(candidates, own), len(rows))]
        ones = np.ones(len(rows), np.float32)
        parts.append(Selection(rows=rows, offsets=one_row(len(rows)), propensities=ones))
    return joined(parts, np.zeros(len(parts), np.int64))


def _reckoned(candidates: Candidates, rows: Array, vectors: Array, shown: Array) -> tuple[Array, Array]:
    """Relevance [n + S] and unit vectors [n + S, D] of n candidates and, behind them, of S items that were shown."""
    relevance = np.concatenate([candidates.array("relevance")[rows], np.zeros(len(shown))])
    return relevance, _units(vectors[np.concatenate([candidates.item_rows[rows], shown])])


def _places(gains: Gains, stops: Array, wanted: int) -> Array:
    """int64 [wanted], places among n ranked candidates; behind those stand the items that were shown.

    Args:
        gains: of the candidates and the shown.
        stops: int64 [n], where the tier of each candidate ends: up to there is picked from until all of it is.
        wanted: n at most.
    """
    places = np.empty(wanted, np.int64)
    for shown in range(len(stops), len(gains.worth())):
        gains.pick(shown)
    for step in range(wanted):
        worth = gains.worth()[: stops[step]]
        worth[places[:step]] = -np.inf
        places[step] = worth.argmax()
        gains.pick(int(places[step]))
    return places


def _stops(candidates: Candidates, ranked_rows: Array) -> Array:
    tiers = 2 * candidates.array("seen")[ranked_rows] + np.isnan(candidates.array("score")[ranked_rows])
    return np.searchsorted(tiers, tiers, side="right")


def _units(vectors: Array) -> Array:
    lengths = np.sqrt(np.einsum("nd,nd->n", vectors, vectors))
    return vectors / np.where(lengths > 0, lengths, 1)[:, None]
