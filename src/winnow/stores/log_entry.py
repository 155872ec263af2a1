"""One entry of the log of what visitors did."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields

from winnow.stores.event import Event

EVENT, MERGE, FORGET, RESET = "event", "merge", "forget", "reset"
NEEDED = frozenset(each.name for each in fields(Event)) - {"request_id"}
"""Fields without which an entry is no event."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogEntry:
    """An event, or something else that is told of visitors, with its place in a log.

    Attributes:
        stream: whose entries come in rising places: a shard of a server, or a journal.
        place: in the stream: milliseconds and number on a server; segment and byte in a journal, where all events of
            one call have the same.
        arrived_at: when it came, UTC seconds.
        told: fields by name, as text. `kind` says what it is; without one it is an event.
    """

    stream: str
    place: tuple[int, int]
    arrived_at: float
    told: Mapping[str, str]

    @property
    def kind(self) -> str:
        """EVENT, MERGE, FORGET, RESET, or what a newer program calls it."""
        return self.told.get("kind", EVENT)

    @property
    def is_event(self) -> bool:
        """Whether it is an event with all that one has; its type may be one of a newer program."""
        return self.kind == EVENT and self.told.keys() >= NEEDED and _is_finite(self.told["at"])

    @property
    def names(self) -> tuple[str, ...]:
        """Of the visitors whom it is about."""
        return tuple(name for each in ("user_id", "source", "target") if (name := self.told.get(each, "")))

    @property
    def name(self) -> str:
        """Stream and place, as one word."""
        return f"{self.stream}/{self.place[0]}-{self.place[1]}"

    @property
    def key(self) -> tuple[str, str]:
        """What no two entries share, and the same entry has whenever it is read again."""
        return self.name, self.told.get("event_id", "")


def _is_finite(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False
