"""What a user had: the last items, each once."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from winnow.pipeline.catalogue import Catalogue
from winnow.pipeline.requests import Requests
from winnow.schema.column import Array, Bools, Column, Ragged, offsets_of
from winnow.stores.event_store import EventStore

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
        store: recent events.
        catalogue: what the items are called here; others are passed over.
        counted: bool [number of event types], which types are positive.
    """

    store: EventStore
    catalogue: Catalogue
    counted: Bools

    def columns(self, requests: Requests) -> Mapping[str, Column]:
        """As of the instants of the requests."""
        recent = self.store.recent(requests.user_ids, EVENTS, requests.at, self.counted).item_hashes
        rows = self.catalogue.rows_of_hashes(recent.values)
        known = rows >= 0
        keys = (recent.row_of_value() * len(self.catalogue) + rows)[known][::-1]
        unique, latest, times = np.unique(keys, return_index=True, return_counts=True)
        # The keys run backwards: from the last request to the first, and in each from its latest event.
        request_of = unique // max(1, len(self.catalogue))
        order = np.lexsort((latest, request_of))
        return self._kept(request_of[order], unique[order], times[order], len(requests))

    def missing(self, requests: Requests) -> Mapping[str, Column]:
        """Nobody had anything."""
        none = np.empty(0, np.int64)
        return self._kept(none, none, none, len(requests))

    def _kept(self, request_of: Array, keys: Array, times: Array, batch: int) -> Mapping[str, Column]:
        counts = np.bincount(request_of, minlength=batch)
        first = np.arange(len(keys)) - np.repeat(offsets_of(counts)[:-1], counts) < ITEMS
        offsets = offsets_of(np.minimum(counts, ITEMS))
        rows = keys[first] - request_of[first] * len(self.catalogue)
        return {"had": Ragged(rows, offsets), "had_times": Ragged(times[first], offsets)}
