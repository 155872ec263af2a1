"""A frozen past and a live present, read as one."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from winnow.schema.column import Array, Bools
from winnow.stores.event import Event
from winnow.stores.event_log import EventLog
from winnow.stores.known_events import merged
from winnow.stores.state_store import StateStore, UserStates


@dataclass(frozen=True, slots=True, kw_only=True)
class LayeredState:
    """The events that a bundle was trained on, and those that came since. New events go to the live store.

    Attributes:
        base: frozen; of users who were forgotten it is not read.
        live: outlives the bundle.
    """

    base: EventLog
    live: StateStore

    def append(self, events: Sequence[Event]) -> int:
        return self.live.append(events)

    def read(self, user_ids: Sequence[str], before: Array, within_s: float = math.inf) -> UserStates:
        """As in StateStore; of an event that training has read and the live store still holds there is one."""
        fresh = self.live.read(user_ids, before, within_s)
        names = ["" if gone else name for name, gone in zip(user_ids, fresh.forgotten.tolist(), strict=True)]
        events = merged(self.base.events(names, before), fresh.events)
        return UserStates(events=events, seen=fresh.seen, forgotten=fresh.forgotten)

    def forget(self, user_id: str) -> int:
        """As in StateStore; the bundle's file still holds the past events, until the next one is trained."""
        return (self.base.count(user_id) if self._is_open(user_id) else 0) + self.live.forget(user_id)

    def reset(self, user_id: str) -> int:
        """As in StateStore; what the bundle was trained on goes on to count."""
        return self.live.reset(user_id)

    def close_past(self, user_id: str) -> None:
        self.live.close_past(user_id)

    def merge(self, source: str, target: str) -> int:
        """As in StateStore; what the bundle was trained on is frozen, and so it is closed to the source instead.

        The live store holds the last days of it as well, and those move.
        """
        if not source or not target or source == target:
            return 0
        moved = self.live.merge(source, target)
        # In this order: where it is cut short in between, the next call finds the past still open.
        if self.base.count(source) and self._is_open(source):
            self.live.close_past(source)
        return moved

    def demand(self, counted: Bools, now: float) -> tuple[Array, Array]:
        return self.live.demand(counted, now)

    def _is_open(self, name: str) -> bool:
        """Whether the past is read."""
        return not self.live.read([name], np.array([np.inf])).forgotten[0]
