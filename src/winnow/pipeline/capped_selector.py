"""Caps around any selector."""

from dataclasses import dataclass, replace

import numpy as np

from winnow.pipeline.candidates import Candidates
from winnow.pipeline.cap import Cap
from winnow.pipeline.picking import alone, joined
from winnow.pipeline.requests import Requests
from winnow.pipeline.roles import Selection, Selector
from winnow.pipeline.rule import Rule
from winnow.schema.column import Array, Bools, Ragged, one_row
from winnow.schema.mixed_bits import STEP


@dataclass(frozen=True, slots=True, kw_only=True)
class CappedSelector:
    """Another selector's picks, with at most so many of each capped value, and k of them all the same.

    The other selector is asked until a value is full, and then again for what is still allowed, with its picks as
    earlier ones and with a new seed. So greedy selectors choose among what may be chosen, and the propensity of a draw
    is that among the items that were still allowed.

    Where caps leave fewer than k, the remaining places are filled without them, and each such pick is marked
    `Rule.OVER_CAP`. All this is done for items that are not flagged `seen` first. What earlier pages showed counts.

    Attributes:
        selector: gives as many picks as it is asked for, if there are as many candidates.
        caps: all of them hold.
    """

    selector: Selector
    caps: tuple[Cap, ...]

    def select(self, requests: Requests, candidates: Candidates) -> Selection:
        """At most `requests.k` candidates of each request, with the probability of each pick given the earlier ones."""
        parts = [self._select(*alone(requests, candidates, request)) for request in range(len(requests))]
        return joined(parts, candidates.offsets[:-1])

    def _select(self, request: Requests, candidates: Candidates) -> Selection:
        answer = _Answer(self.caps, request, candidates)
        for seen in (False, True):
            for capped in (True, False):
                while len(open_rows := answer.open_rows(seen=seen, capped=capped)):
                    offered = candidates.take(open_rows, one_row(len(open_rows)))
                    picked = self.selector.select(answer.rest(), offered)
                    if not len(picked.rows):
                        break  # a selector that gives less than it was asked for is not asked for ever
                    answer.add(open_rows[picked.rows], picked.propensities, capped=capped)
        return answer.selection()


class _Answer:
    """The picks of one request while they are made, and the values that are full."""

    def __init__(self, caps: tuple[Cap, ...], request: Requests, candidates: Candidates) -> None:
        self._request = request
        self._candidates = candidates
        self._seen = candidates.array("seen").astype(bool)
        self._values = [cap.values[candidates.item_rows] for cap in caps]
        self._most = [cap.most for cap in caps]
        self._full = np.zeros(len(candidates), bool)
        self._taken = np.zeros(len(candidates), bool)
        self._counts: list[dict[int, int]] = [{} for _ in caps]
        self._rows: list[int] = []
        self._propensities: list[float] = []
        self._rules: list[Rule] = []
        self._draws = 0
        shown = request.earlier(0)
        for place, cap in enumerate(caps):
            for value in cap.values[shown[shown >= 0]].tolist():
                self._count(place, value)

    def open_rows(self, *, seen: bool, capped: bool) -> Array:
        """int64, candidates that may be picked now; none when there are k."""
        if len(self._rows) >= self._request.k[0]:
            return np.empty(0, np.int64)
        allowed: Bools = ~self._taken & (self._seen == seen)
        return np.flatnonzero(allowed & ~self._full if capped else allowed)

    def rest(self) -> Requests:
        """The request for the places that are left."""
        request = self._request
        shown = np.concatenate([request.earlier(0), self._candidates.item_rows[self._rows]])
        return replace(
            request,
            k=request.k - len(self._rows),
            seeds=request.seeds + STEP * np.array([self._draws], np.uint64),
            shown=Ragged(shown, one_row(len(shown))),
        )

    def add(self, rows: Array, propensities: Array, *, capped: bool) -> None:
        """Takes the picks up to the one that makes a value full, or all of them where caps do not hold any more."""
        self._draws += 1
        for row, propensity in zip(rows.tolist(), propensities.tolist(), strict=True):
            self._taken[row] = True
            self._rows.append(row)
            self._propensities.append(propensity)
            self._rules.append(Rule.OVER_CAP if not capped and self._full[row] else Rule.WORTH)
            filled = [self._count(place, int(values[row])) for place, values in enumerate(self._values)]
            if capped and any(filled):
                return

    def selection(self) -> Selection:
        """All picks, in order."""
        return Selection(
            rows=np.array(self._rows, np.int64),
            offsets=one_row(len(self._rows)),
            propensities=np.array(self._propensities, np.float32),
            rules=np.array(self._rules, np.int8),
        )

    def _count(self, place: int, value: int) -> bool:
        """Counts a value of the cap at this place; whether it has become full by that."""
        if value < 0:
            return False
        count = self._counts[place][value] = self._counts[place].get(value, 0) + 1
        if count == self._most[place]:
            self._full |= self._values[place] == value
        return count == self._most[place]
