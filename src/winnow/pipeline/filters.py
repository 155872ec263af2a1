"""What may not be recommended: what the catalogue does not allow, the caller rules out, or the user has had."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from winnow.pipeline.candidates import Candidates
from winnow.pipeline.catalogue import Catalogue
from winnow.pipeline.members import members
from winnow.pipeline.requests import Requests
from winnow.pipeline.state_hydrator import seen_days
from winnow.schema.column import Array, Bools
from winnow.schema.schema import EventType
from winnow.stores.event import CODE_OF_TYPE
from winnow.stores.seen_days import places, seen_among
from winnow.stores.seen_layout import SeenLevel

PLACES_KEPT = 50_000
"""Of so many items at most, places in the first level of what was seen are kept; of more they would fill memory."""
SEEN_FILTER = "seen"
"""Name of the stage that hides what a user has had; evaluation and training leave it out by this name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AllowedFilter:
    """Keeps items that the catalogue allows."""

    catalogue: Catalogue

    def keep(self, requests: Requests, candidates: Candidates) -> Bools:
        """bool [N]."""
        return self.catalogue.allowed.take(candidates.item_rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExcludeFilter:
    """Keeps items that the request does not name in `exclude`."""

    num_items: int

    def keep(self, requests: Requests, candidates: Candidates) -> Bools:
        """bool [N]."""
        if not len(requests.exclude.values):
            return np.ones(len(candidates), bool)
        excluded = requests.exclude.keys(self.num_items)[requests.exclude.values >= 0]
        return ~members(candidates.keys(self.num_items), excluded)


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedFilter:
    """Keeps items that the caller chooses from, see `Requests.filters`."""

    def keep(self, requests: Requests, candidates: Candidates) -> Bools:
        """bool [N]."""
        kept = np.ones(len(candidates), bool)
        for request, wanted in enumerate(requests.filters):
            if wanted is not None:
                own = slice(int(candidates.offsets[request]), int(candidates.offsets[request + 1]))
                kept[own] = wanted[candidates.item_rows[own]]
        return kept


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenFilter:
    """Keeps items that the user has not had before the request; of those that were not seen, few are taken for seen.

    Attributes:
        catalogue: I items.
        counted: bool [number of event types], which types count as having had.
        levels: of the bitmaps of what was seen on the last days.
        impressions: after how many of the impressions that are known one by one an item counts as had, too; 0: never.
    """

    catalogue: Catalogue
    counted: Bools
    levels: Sequence[SeenLevel]
    impressions: int = 0
    _places: Array | None = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        few = self.levels and len(self.catalogue) <= PLACES_KEPT
        object.__setattr__(self, "_places", places(self.levels[0], self.catalogue.hashes) if few else None)

    def keep(self, requests: Requests, candidates: Candidates) -> Bools:
        """bool [N]."""
        seen = members(candidates.keys(len(self.catalogue)), self._had(requests))
        days = seen_days(requests)
        if len(days.bits.values):
            rows, kept = candidates.item_rows, self._places
            first = None if kept is None else kept.take(rows, axis=1)
            seen |= seen_among(days, self.levels, self.catalogue.hashes.take(rows), candidates.offsets, first)
        return ~seen

    def _had(self, requests: Requests) -> Array:
        """Of requests and items that are known one by one, int64: one number for both, as the candidates have it."""
        rows, types = requests.ragged("event_rows"), requests.ragged("event_types").values
        keys = np.where(rows.values >= 0, rows.keys(len(self.catalogue)), -1)
        had = keys[self.counted[types]]
        if not self.impressions:
            return had
        shown, times = np.unique(keys[types == CODE_OF_TYPE[EventType.IMPRESSION]], return_counts=True)
        return np.concatenate((had, shown[times >= self.impressions]))
