"""Live events in one process."""

import time
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import Lock

import numpy as np

from winnow.schema.column import Array, Bools, offsets_of
from winnow.schema.stable_hash import stable_hashes
from winnow.stores.event_store import CODE_OF_TYPE, Event, RecentEvents

REMEMBER_IDS_S = 48 * 3600.0
REMEMBER_IDS = 1_000_000


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

    def drop_first(self) -> None:
        del self.item_hashes[0], self.types[0], self.at[0]

    def extend(self, other: "_Columns", events: slice) -> None:
        self.item_hashes.extend(other.item_hashes[events])
        self.types.extend(other.types[events])
        self.at.extend(other.at[events])

    def arrays(self) -> tuple[Array, Array, Array]:
        """Copies as uint64, int8 and float64."""
        return np.array(self.item_hashes, np.uint64), np.array(self.types, np.int8), np.array(self.at, np.float64)


@dataclass(slots=True)
class _User:
    """One user's last events by time, the first event of each type on each item, and how many there ever were."""

    last: _Columns = field(default_factory=_Columns)
    firsts: _Columns = field(default_factory=_Columns)
    place_of_first: dict[tuple[int, int], int] = field(default_factory=dict[tuple[int, int], int])
    count: int = 0

    def add(self, item_hash: int, code: int, at: float, length: int) -> None:
        self.count += 1
        self.last.insert(bisect_right(self.last.at, at), item_hash, code, at)
        if len(self.last.at) > length:
            self.last.drop_first()
        place = self.place_of_first.setdefault((item_hash, code), len(self.firsts.at))
        if place == len(self.firsts.at):
            self.firsts.insert(place, item_hash, code, at)
        self.firsts.at[place] = min(self.firsts.at[place], at)


class MemoryEvents:
    """Keeps the last events of every user, and the items that they have had; safe to share between threads.

    What falls out of the last events is still known to `items_of`. Event ids are remembered for 48 hours after their
    arrival, at most a million of them.

    Args:
        length: events kept of each user, at least 1; more cannot be asked back.
        clock: seconds that only rise, to age event ids by.
    """

    def __init__(self, length: int, clock: Callable[[], float] = time.monotonic) -> None:
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

    def recent(self, user_ids: Sequence[str], n: int, before: Array) -> RecentEvents:
        found = _Columns()
        lengths: list[int] = []
        with self._lock:
            for user_id, instant in zip(user_ids, before.tolist(), strict=True):
                user = self._users.get(user_id)
                end = bisect_left(user.last.at, instant) if user else 0
                start = max(0, end - n)
                lengths.append(end - start)
                if user:
                    found.extend(user.last, slice(start, end))
        return RecentEvents.of(*found.arrays(), offsets_of(np.array(lengths, np.int64)))

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

    def _add(self, event: Event, item_hash: int, now: float) -> bool:
        if event.event_id in self._arrived:
            return False
        self._arrived[event.event_id] = now
        user = self._users.setdefault(event.user_id, _User())
        user.add(item_hash, CODE_OF_TYPE[event.type], event.at, self._length)
        return True

    def _drop_old_ids(self, now: float) -> None:
        while self._arrived:
            oldest = next(iter(self._arrived))
            if len(self._arrived) <= REMEMBER_IDS and now - self._arrived[oldest] < REMEMBER_IDS_S:
                return
            del self._arrived[oldest]
