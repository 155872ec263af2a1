"""What every store of events promises."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from winnow.schema.column import Array, Ragged


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that a visitor did.

    Attributes:
        event_id: unique; the same id again is acknowledged and changes nothing.
        user_id, item_id: outside names.
        type: an EventType value.
        at: UTC seconds.
    """

    event_id: str
    user_id: str
    item_id: str
    type: str
    at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RecentEvents:
    """The last events of B users, oldest first; three ragged columns with the same offsets.

    Attributes:
        item_hashes: uint64 stable item hashes.
        types: int8 positions in `tuple(EventType)`.
        at: float64 UTC seconds.
    """

    item_hashes: Ragged
    types: Ragged
    at: Ragged


class EventStore(Protocol):
    """Recent events by user. Raises Unavailable when it cannot answer."""

    def append(self, events: Sequence[Event]) -> int:
        """Store events, all or none; returns how many were new. Visible to the very next `recent`."""
        ...

    def recent(self, user_ids: Sequence[str], n: int, before: Array) -> RecentEvents:
        """The last `n` events of each user that happened strictly before `before` (float64 [B], UTC seconds)."""
        ...

    def forget(self, user_id: str) -> int:
        """Delete all events of the user; returns how many there were."""
        ...
