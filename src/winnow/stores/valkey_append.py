"""What `valkey_append.lua` takes."""

import hashlib
import math
import struct
from collections.abc import Sequence
from dataclasses import dataclass, fields

from winnow.schema.column import Bools
from winnow.schema.errors import RecipeError
from winnow.schema.stable_hash import stable_hashes
from winnow.stores.event import CODE_OF_TYPE, Event
from winnow.stores.seen_layout import SeenConfig, SeenLevel, seen_day
from winnow.stores.valkey_client import Call
from winnow.stores.valkey_keys import TYPES, UserKeys

DAY_S = 86_400
EVENTS_LIFE_S = 30 * DAY_S
IDS_DAYS = 3
"""An id that came within 48 hours came on one of the last three UTC days."""
FIRST_EVENTS = 3 + IDS_DAYS
FIRST_SEEN = FIRST_EVENTS + len(TYPES)
"""Places in KEYS, counted from 1."""
FIELDS = tuple(each.name for each in fields(Event))
ARGUMENTS = 6 + 2 * len(FIELDS)
"""Of each event."""
MOST_BITS = 2**32


@dataclass(frozen=True, slots=True, kw_only=True)
class ValkeyAppend:
    """Keys and arguments for events of one user.

    Attributes:
        length: last events kept of each user and type.
        levels: of the bitmap of a day.
        config: that the levels are made of.
        counted: bool [number of event types], which types count as having seen.
    """

    length: int
    levels: Sequence[SeenLevel]
    config: SeenConfig
    counted: Bools

    def __post_init__(self) -> None:
        if self.levels[-1].start + self.levels[-1].bits > MOST_BITS:
            raise RecipeError(
                f"A seen filter for {self.config.items_a_day} items a day takes more than the {MOST_BITS} bits that a "
                "bitmap on a Valkey server may have; take fewer items_a_day."
            )

    def call(self, user_id: str, events: Sequence[Event], now: float) -> Call:
        """Of events of the user, in order of arrival; `now` is UTC seconds."""
        keys, today = UserKeys.of(user_id), seen_day(now)
        places: dict[int, int] = {}
        arguments: list[str | bytes | int] = [self.length, EVENTS_LIFE_S, IDS_DAYS * DAY_S, self._packed(), ARGUMENTS]
        item_hashes: list[int] = stable_hashes(event.item_id for event in events).tolist()
        for event, item_hash in zip(events, item_hashes, strict=True):
            code, day = CODE_OF_TYPE[event.type], seen_day(event.at)
            is_kept = self.counted[code] and abs(day - today) < self.config.days
            place = places.setdefault(day, FIRST_SEEN + len(places)) if is_kept else 0
            life_s = math.ceil((day + self.config.days) * DAY_S - now)
            item_and_time = struct.pack("<Qd", item_hash, event.at)
            arguments += _id_of(event), FIRST_EVENTS + code, repr(event.at), item_and_time, place, life_s
            arguments += _entry(event)
        ids = keys.ids(range(today, today - IDS_DAYS, -1))
        return [keys.count, keys.log, *ids, *keys.events(), *keys.seen(places)], arguments

    def _packed(self) -> bytes:
        return b"".join(struct.pack("<3I", each.start, each.bits, each.hashes) for each in self.levels)


def _id_of(event: Event) -> bytes:
    return hashlib.blake2b(event.event_id.encode(), digest_size=16).digest()


def _entry(event: Event) -> list[str]:
    """Fields and values of the event in the log."""
    values = ((name, getattr(event, name)) for name in FIELDS)
    return [part for name, value in values for part in (name, value if isinstance(value, str) else repr(value))]
