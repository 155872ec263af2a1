"""What every store of events promises."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from winnow.schema.column import Array, Bools, Ragged, offsets_of
from winnow.schema.errors import RequestError
from winnow.schema.schema import EventType

CODE_OF_TYPE = {str(each): code for code, each in enumerate(EventType)}
"""int8 code of each event type, its position in `tuple(EventType)`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that a visitor did.

    Attributes:
        event_id: unique; the same id again is acknowledged and changes nothing.
        user_id, item_id: outside names.
        type: an EventType value.
        at: UTC seconds.

    Raises:
        RequestError: a name is empty, the type is unknown, or the time is not a finite number.
    """

    event_id: str
    user_id: str
    item_id: str
    type: str
    at: float

    def __post_init__(self) -> None:
        for name in ("event_id", "user_id", "item_id"):
            if not getattr(self, name):
                raise RequestError(f"The event '{self.event_id}' has an empty {name}; events of nobody are not kept.")
        if self.type not in CODE_OF_TYPE:
            known = ", ".join(CODE_OF_TYPE)
            raise RequestError(f"The event '{self.event_id}' has the type '{self.type}'; the types are: {known}.")
        if not math.isfinite(self.at):
            raise RequestError(f"The event '{self.event_id}' happened at {self.at}; a time is UTC seconds.")


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

    @staticmethod
    def of(item_hashes: Array, types: Array, at: Array, offsets: Array) -> "RecentEvents":
        """From flat columns [M] and their offsets int64 [B + 1]."""
        return RecentEvents(
            item_hashes=Ragged(item_hashes, offsets), types=Ragged(types, offsets), at=Ragged(at, offsets)
        )


class EventStore(Protocol):
    """Recent events by user. Raises Unavailable when it cannot answer."""

    def append(self, events: Sequence[Event]) -> int:
        """Store events, all or none; returns how many were new. Visible to the very next `recent`."""
        ...

    def recent(self, user_ids: Sequence[str], n: int, before: Array, counted: Bools) -> RecentEvents:
        """The last `n` events of the wanted types; events of other types take no place among them.

        Ties in time are in the order of their arrival.

        Args:
            user_ids: B outside names; "" is nobody, who has no events.
            n: most events of each user.
            before: float64 [B] UTC seconds; only events strictly earlier are read.
            counted: bool [number of event types], which types are wanted, as `counted_types` makes it.
        """
        ...

    def forget(self, user_id: str) -> int:
        """Delete all events of the user; returns how many there were."""
        ...


def last_counted(types: Array, counted: Bools, n: int) -> Array:
    """Places of the last `n` events whose type is counted, int64 [n or fewer], rising."""
    places = counted[types].nonzero()[0]
    return places[max(0, len(places) - n) :]


def last_places(starts: Array, ends: Array, n: int) -> tuple[Array, Array]:
    """The last `n` places of each of B ranges, int64 [M], and their offsets int64 [B + 1]."""
    lengths = np.minimum(ends - starts, n)
    offsets = offsets_of(lengths)
    return np.repeat(ends - offsets[1:], lengths) + np.arange(int(offsets[-1])), offsets
