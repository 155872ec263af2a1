"""A frozen past and a live present, read as one."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from winnow.schema.column import Array, Bools, Ragged
from winnow.stores.event_log import EventLog
from winnow.stores.event_store import Event, RecentEvents, last_places
from winnow.stores.memory_events import MemoryEvents


@dataclass(frozen=True, slots=True, kw_only=True)
class LayeredEvents:
    """The events that a bundle was trained on, and those that came since. New events go to the live store.

    Attributes:
        base: frozen; users that the live store has forgotten are not read from it.
        live: outlives the bundle.
    """

    base: EventLog
    live: MemoryEvents

    def append(self, events: Sequence[Event]) -> int:
        return self.live.append(events)

    def recent(self, user_ids: Sequence[str], n: int, before: Array, counted: Bools) -> RecentEvents:
        fresh = self.live.recent(user_ids, n, before, counted)
        past = self.base.recent([self._name_in_base(each) for each in user_ids], n, before, counted)
        if not len(past.at.values):
            return fresh
        return _last(past, fresh, n) if len(fresh.at.values) else past

    def items_of(self, user_id: str, counted: Bools, before: float) -> Array:
        fresh = self.live.items_of(user_id, counted, before)
        past = self.base.items_of(self._name_in_base(user_id), counted, before)
        return np.concatenate((past, fresh)) if len(fresh) else past

    def forget(self, user_id: str) -> int:
        """As in EventStore; the bundle's file still holds the past events, until the next one is trained."""
        past = self.base.count(self._name_in_base(user_id))
        return past + self.live.forget(user_id)

    def _name_in_base(self, user_id: str) -> str:
        return "" if self.live.has_forgotten(user_id) else user_id


def _last(past: RecentEvents, fresh: RecentEvents, n: int) -> RecentEvents:
    """The last `n` events of both, by time; at equal times the past comes first."""
    at = np.concatenate((past.at.values, fresh.at.values))
    order = np.lexsort((at, np.concatenate((past.at.row_of_value(), fresh.at.row_of_value()))))
    offsets = past.at.offsets + fresh.at.offsets
    places, kept_offsets = last_places(offsets[:-1], offsets[1:], n)
    kept = order[places]
    return RecentEvents.of(
        _joined(past.item_hashes, fresh.item_hashes)[kept],
        _joined(past.types, fresh.types)[kept],
        at[kept],
        kept_offsets,
    )


def _joined(past: Ragged, fresh: Ragged) -> Array:
    return np.concatenate((past.values, fresh.values))
