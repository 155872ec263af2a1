"""Live events in one process."""

import time
from array import array
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import Lock

import numpy as np

from winnow.schema.column import Array, Bools, offsets_of
from winnow.schema.stable_hash import stable_hashes
from winnow.stores.decayed_counts import DecayedCounts
from winnow.stores.event_store import CODE_OF_TYPE, Event, RecentEvents, last_counted

REMEMBER_IDS_S = 48 * 3600.0
REMEMBER_IDS = 1_000_000
HALF_LIFE_S = 7 * 86_400.0

NO_EVENTS = (np.empty(0, np.uint64), np.empty(0, np.int8), np.empty(0, np.float64))


def _doubles() -> "array[float]":
    return array("d")


def _hashes() -> "array[int]":
    return array("Q")


def _codes() -> "array[int]":
    return array("b")


@dataclass(slots=True)
class _Columns:
    """Events as columns that grow."""

    item_hashes: "array[int]" = field(default_factory=_hashes)
    types: "array[int]" = field(default_factory=_codes)
    at: "array[float]" = field(default_factory=_doubles)

    def insert(self, place: int, item_hash: int, code: int, at: float) -> None:
        self.item_hashes.insert(place, item_hash)
        self.types.insert(place, code)
        self.at.insert(place, at)

    def drop(self, place: int) -> None:
        del self.item_hashes[place], self.types[place], self.at[place]

    def arrays(self) -> tuple[Array, Array, Array]:
        """Copies as uint64, int8 and float64."""
        return np.array(self.item_hashes, np.uint64), np.array(self.types, np.int8), np.array(self.at, np.float64)


@dataclass(slots=True)
class _User:
    """The last events of each type, all by time; the first of each type on each item; how many there ever were."""

    last: _Columns = field(default_factory=_Columns)
    firsts: _Columns = field(default_factory=_Columns)
    place_of_first: dict[tuple[int, int], int] = field(default_factory=dict[tuple[int, int], int])
    count: int = 0

    def add(self, item_hash: int, code: int, at: float, length: int) -> None:
        self.count += 1
        self.last.insert(bisect_right(self.last.at, at), item_hash, code, at)
        if self.last.types.count(code) > length:
            self.last.drop(self.last.types.index(code))
        place = self.place_of_first.setdefault((item_hash, code), len(self.firsts.at))
        if place == len(self.firsts.at):
            self.firsts.insert(place, item_hash, code, at)
        self.firsts.at[place] = min(self.firsts.at[place], at)


class MemoryEvents:
    """Keeps the last events of every user, and the items that they have had; safe to share between threads.

    Each event type has its own room, so that many impressions cannot crowd out a few views.
    What falls out of the last events is still known to `items_of`. Event ids are remembered for 48 hours after their
    arrival, at most a million of them.

    Args:
        length: last events kept of each user and type, at least 1. As of now, the last `length` events of any set of
            types are therefore exact; as of an earlier instant, some may have made room for later ones.
        clock: seconds that only rise, to age event ids by.
        half_life_s: after which an event weighs half in `counts`, which keep no names of users.
    """

    def __init__(
        self, length: int, clock: Callable[[], float] = time.monotonic, half_life_s: float = HALF_LIFE_S
    ) -> None:
        self.counts = DecayedCounts(half_life_s)
        self._length = length
        self._clock = clock
        self._lock = Lock()
        self._users: dict[str, _User] = {}
        self._forgotten: set[str] = set()
        self._arrived: dict[str, float] = {}

    def append(self, events: Sequence[Event]) -> int:
        hashes: list[int] = stable_hashes(event.item_id for event in events).tolist()
        with self._lock:
            now = self._clock()
            self._drop_old_ids(now)
            return sum(self._add(event, item_hash, now) for event, item_hash in zip(events, hashes, strict=True))

    def recent(self, user_ids: Sequence[str], n: int, before: Array, counted: Bools) -> RecentEvents:
        instants = before.tolist()
        users = [self._last(user_id, n, at, counted) for user_id, at in zip(user_ids, instants, strict=True)]
        item_hashes, types, at = map(np.concatenate, zip(NO_EVENTS, *users, strict=True))
        return RecentEvents.of(item_hashes, types, at, offsets_of(np.array([len(each) for each, _, _ in users], int)))

    def items_of(self, user_id: str, counted: Bools, before: float) -> Array:
        with self._lock:
            user = self._users.get(user_id)
            if user is None:
                return np.empty(0, np.uint64)
            item_hashes, types, at = user.firsts.arrays()
        return item_hashes[counted[types] & (at < before)]

    def forget(self, user_id: str) -> int:
        """As in EventStore. The name alone is kept, so that older logs of the user stay closed too."""
        with self._lock:
            self._forgotten.add(user_id)
            user = self._users.pop(user_id, None)
            return user.count if user else 0

    def has_forgotten(self, user_id: str) -> bool:
        """Whether the user was ever forgotten here."""
        return user_id in self._forgotten

    def _last(self, user_id: str, n: int, before: float, counted: Bools) -> tuple[Array, Array, Array]:
        """Hashes, types and times of the user's last `n` counted events before an instant."""
        with self._lock:
            user = self._users.get(user_id)
            if user is None:
                return NO_EVENTS
            item_hashes, types, at = user.last.arrays()
        kept = last_counted(types[: at.searchsorted(before)], counted, n)
        return item_hashes[kept], types[kept], at[kept]

    def _add(self, event: Event, item_hash: int, now: float) -> bool:
        if event.event_id in self._arrived:
            return False
        self._arrived[event.event_id] = now
        user = self._users.setdefault(event.user_id, _User())
        code = CODE_OF_TYPE[event.type]
        user.add(item_hash, code, event.at, self._length)
        self.counts.add(item_hash, code, event.at)
        return True

    def _drop_old_ids(self, now: float) -> None:
        while self._arrived:
            oldest = next(iter(self._arrived))
            if len(self._arrived) <= REMEMBER_IDS and now - self._arrived[oldest] < REMEMBER_IDS_S:
                return
            del self._arrived[oldest]
