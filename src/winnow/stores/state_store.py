"""What every store of what users did promises."""

import math
from collections.abc import Sequence
from typing import Protocol

from winnow.schema.column import Array, Bools
from winnow.schema.record import record
from winnow.stores.event import Event
from winnow.stores.known_events import KnownEvents
from winnow.stores.seen_days import SeenDays


@record()
class UserStates:
    """All that a store knows of B users as of an instant each.

    Attributes:
        events: those that are still known one by one, oldest first; ties in time are in the order of their arrival.
        seen: what besides was seen on the last days; it covers every event of a type that counts as seen, and may hold
            what was seen on the very day of the instant, but later.
        forgotten: bool [B], whether the user asked to be forgotten, or their past was closed, so that frozen logs are
            not read either.
    """

    events: KnownEvents
    seen: SeenDays
    forgotten: Bools


class StateReader(Protocol):
    """What users did, by user. Raises Unavailable when the store cannot answer."""

    def read(self, user_ids: Sequence[str], before: Array, within_s: float = math.inf) -> UserStates:
        """What is known of users.

        Args:
            user_ids: B outside names; "" is nobody, who has done nothing.
            before: float64 [B] UTC seconds; only events strictly earlier are read.
            within_s: how long the caller has; a store that has to wait for somebody gives up then, with Unavailable.
        """
        ...


class StateStore(StateReader, Protocol):
    """One that is told, too. Every method raises Unavailable when the store cannot answer."""

    def append(self, events: Sequence[Event]) -> int:
        """Stores events, of each user all or none; returns how many were new. Visible to the very next `read`.

        An event id that came within the last 48 hours is acknowledged and changes nothing. Ids are unique: whether one
        that another user had is new is up to the store.
        """
        ...

    def forget(self, user_id: str) -> int:
        """Deletes all that is kept of the user; returns how many events that were.

        Their event ids stay known as long as any other, so that a late copy does not bring them back.
        """
        ...

    def reset(self, user_id: str) -> int:
        """Deletes what the user did since, and marks nothing: what a bundle has read of before counts as it did.

        Returns how many events that were. Their event ids stay known, as in `forget`; who was forgotten stays so.
        """
        ...

    def close_past(self, user_id: str) -> None:
        """Has nothing more read of what frozen logs hold of the user; what is kept here stays, and no log is told."""
        ...

    def merge(self, source: str, target: str) -> int:
        """Moves all that is kept of one name to another; returns how many events that were.

        Nothing happens where there is nothing, where both are one, or where one of them is "". A merge that is
        repeated after it was cut short ends as if it had never been cut. Afterwards there are the events of both by
        time, at equal times those of the target first, each type within its room, and the bitmaps of each day hold
        what either saw. A target that was forgotten begins anew, as with `append`: what is older than that stays
        closed.
        """
        ...

    def demand(self, counted: Bools, now: float) -> tuple[Array, Array]:
        """What has been in demand since the store began; it names no users and outlives them.

        Args:
            counted: bool [number of event types], which types count.
            now: UTC seconds; an event weighs 1 when it happens or is still to come, and half after each half-life.

        Returns:
            item hashes uint64 [M], in any order and perhaps more than once, and what their events weigh, float64 [M].
        """
        ...
