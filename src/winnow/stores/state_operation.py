"""What changes the state of users, as a journal keeps it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from winnow.stores.event import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class EventsAppended:
    """Events arrived together.

    Attributes:
        at: when they arrived, UTC seconds.
        events: in the order of their arrival.
    """

    at: float
    events: Sequence[Event]

    @property
    def newest_at(self) -> float:
        """The last instant that it speaks of, UTC seconds."""
        return max([self.at, *[event.at for event in self.events]])


@dataclass(frozen=True, slots=True, kw_only=True)
class UserForgotten:
    """A user asked to be forgotten.

    Attributes:
        at: when, UTC seconds.
        user_id: outside name.
    """

    at: float
    user_id: str

    @property
    def newest_at(self) -> float:
        """It never grows old: without it, frozen logs would give back what was forgotten."""
        return math.inf


@dataclass(frozen=True, slots=True, kw_only=True)
class UserReset:
    """What a user did so far is deleted, and the past of the bundle goes on to count.

    Attributes:
        at: when, UTC seconds.
        user_id: outside name.
    """

    at: float
    user_id: str

    @property
    def newest_at(self) -> float:
        """It is about what is older."""
        return self.at


@dataclass(frozen=True, slots=True, kw_only=True)
class PastClosed:
    """What frozen logs hold of a user is not read any more.

    Attributes:
        at: when, UTC seconds.
        user_id: outside name.
    """

    at: float
    user_id: str

    @property
    def newest_at(self) -> float:
        """It never grows old: without it, frozen logs would be read again."""
        return math.inf


@dataclass(frozen=True, slots=True, kw_only=True)
class NamesMerged:
    """What one name did so far is another's.

    Attributes:
        at: when, UTC seconds.
        source, target: outside names.
    """

    at: float
    source: str
    target: str

    @property
    def newest_at(self) -> float:
        """It is about what is older."""
        return self.at


StateOperation = EventsAppended | UserForgotten | UserReset | PastClosed | NamesMerged
