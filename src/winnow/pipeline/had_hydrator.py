"""What a user had: the last items, each once."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from winnow.pipeline.requests import Requests
from winnow.pipeline.state_hydrator import last_events
from winnow.schema.column import Array, Bools, Column, Ragged, offsets_of, one_row

EVENTS = 200
"""Positive events that are read of a user: people come back for the same items, so that many events hold few."""
ITEMS = 50
"""Most items that are kept of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HadHydrator:
    """Adds `had`, rows of the last items that the user had, each once, latest first (ragged int64), and `had_times`.

    `had_times` (ragged int64, likewise) is how many of the last events were on the item. Where `history` is a sequence
    for the query tower, this is a set for the sources.

    Attributes:
        num_items: of the catalogue; what it does not have is passed over.
        counted: bool [number of event types], which types are positive.
    """

    num_items: int
    counted: Bools

    def columns(self, requests: Requests) -> Mapping[str, Column]:
        """As of the instants of the requests."""
        places, offsets = last_events(requests, EVENTS, self.counted)
        rows = requests.ragged("event_rows").values[places]
        if len(requests) == 1:
            return _of_one(rows[rows >= 0][::-1])
        request_of = np.repeat(np.arange(len(requests)), np.diff(offsets))
        known = rows >= 0
        keys = (request_of * self.num_items + rows)[known][::-1]
        unique, latest, times = np.unique(keys, return_index=True, return_counts=True)
        # The keys run backwards: from the last request to the first, and in each from its latest event.
        request_of = unique // max(1, self.num_items)
        order = np.lexsort((latest, request_of))
        return self._kept(request_of[order], unique[order], times[order], len(requests))

    def _kept(self, request_of: Array, keys: Array, times: Array, batch: int) -> Mapping[str, Column]:
        counts = np.bincount(request_of, minlength=batch)
        first = np.arange(len(keys)) - np.repeat(offsets_of(counts)[:-1], counts) < ITEMS
        offsets = offsets_of(np.minimum(counts, ITEMS))
        rows = keys[first] - request_of[first] * self.num_items
        return {"had": Ragged(rows, offsets), "had_times": Ragged(times[first], offsets)}


def _of_one(rows: Array) -> Mapping[str, Column]:
    """Of a request alone, as most come, whose rows are latest first: a dictionary keeps the order of what it met."""
    seen: list[int] = rows.tolist()
    times = Counter(seen)
    offsets = one_row(min(len(times), ITEMS))
    had, counts = (np.fromiter(each, np.int64, len(times))[:ITEMS] for each in (times.keys(), times.values()))
    return {"had": Ragged(had, offsets), "had_times": Ragged(counts, offsets)}
