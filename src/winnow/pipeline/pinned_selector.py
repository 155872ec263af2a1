"""Given items at given places, around any selector."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from winnow.pipeline.candidates import Candidates
from winnow.pipeline.picking import alone, joined
from winnow.pipeline.requests import Requests
from winnow.pipeline.roles import Selection, Selector
from winnow.pipeline.rule import Rule
from winnow.schema.column import Array, Bools, Ragged, one_row


@dataclass(frozen=True, slots=True, kw_only=True)
class PinnedSelector:
    """Another selector's picks, with pinned items at their places; the others move back.

    An item is pinned only if it is among the candidates: what filters took does not come back, nor does a pin bring in
    what no source proposed. One that is flagged `seen` is not pinned either. Places are those of the whole list, all
    pages together; where a list ends before the place, or turns to seen items before it, the pin stands there. Pins
    count for the diversity and the caps of the other picks, and no cap holds for them. Their propensity is 1.

    Attributes:
        selector: of all other picks.
        places: from 1, by item row; no place twice.
    """

    selector: Selector
    places: Mapping[int, int]

    def select(self, requests: Requests, candidates: Candidates) -> Selection:
        """At most `requests.k` candidates of each request."""
        if not self._wanted(candidates).any():
            return self.selector.select(requests, candidates)
        parts = [self._select(*alone(requests, candidates, request)) for request in range(len(requests))]
        return joined(parts, candidates.offsets[:-1])

    def _select(self, request: Requests, candidates: Candidates) -> Selection:
        pins = self._pins(request, candidates)
        others = np.delete(np.arange(len(candidates)), list(pins))
        shown = np.concatenate([request.earlier(0), candidates.item_rows[list(pins)]])
        asked = replace(request, k=request.k - len(pins), shown=Ragged(shown, one_row(len(shown))))
        picked = self.selector.select(asked, candidates.take(others, one_row(len(others))))
        rows = others[picked.rows]
        places = _places(pins, int(np.count_nonzero(~candidates.array("seen")[rows])))
        return Selection(
            rows=np.insert(rows, places, list(pins)),
            offsets=one_row(len(rows) + len(pins)),
            propensities=np.insert(picked.propensities, places, 1),
            rules=np.insert(picked.all_rules, places, Rule.PIN),
        )

    def _pins(self, request: Requests, candidates: Candidates) -> dict[int, int]:
        """Place on this page, from 0, by row of the candidate; the first place first."""
        before = 1 + len(request.earlier(0))
        pinned = np.flatnonzero(self._wanted(candidates) & ~candidates.array("seen").astype(bool))
        items: list[int] = candidates.item_rows[pinned].tolist()
        found = {row: self.places[item] - before for row, item in zip(pinned.tolist(), items, strict=True)}
        here = {row: place for row, place in found.items() if 0 <= place < request.k[0]}
        return dict(sorted(here.items(), key=lambda pin: pin[1]))

    def _wanted(self, candidates: Candidates) -> Bools:
        return np.isin(candidates.item_rows, list(self.places))


def _places(pins: Mapping[int, int], unseen: int) -> Array:
    """int64, before which of the other picks each pin stands; `unseen` of those come before the seen ones."""
    return np.array([min(place - earlier, unseen) for earlier, place in enumerate(pins.values())], np.int64)
