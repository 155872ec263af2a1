"""What users did, in one process."""

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
from winnow.stores.event import CODE_OF_TYPE, Event
from winnow.stores.known_events import KnownEvents
from winnow.stores.seen_bitmaps import SeenBitmaps
from winnow.stores.seen_days import days_of
from winnow.stores.seen_layout import seen_levels
from winnow.stores.state_config import StateConfig
from winnow.stores.state_store import UserStates

REMEMBER_IDS_S = 48 * 3600.0
REMEMBER_IDS = 1_000_000

NO_EVENTS = (np.empty(0, np.uint64), np.empty(0, np.int8), np.empty(0, np.float64))


def _doubles() -> "array[float]":
    return array("d")


def _hashes() -> "array[int]":
    return array("Q")


def _codes() -> "array[int]":
    return array("b")


@dataclass(slots=True)
class _User:
    """The last events of each type, all by time; what was seen; how many events there ever were."""

    seen: SeenBitmaps
    item_hashes: "array[int]" = field(default_factory=_hashes)
    types: "array[int]" = field(default_factory=_codes)
    at: "array[float]" = field(default_factory=_doubles)
    count: int = 0

    def add(self, item_hash: int, code: int, at: float, length: int) -> None:
        self.count += 1
        place = bisect_right(self.at, at)
        self.item_hashes.insert(place, item_hash)
        self.types.insert(place, code)
        self.at.insert(place, at)
        if self.types.count(code) > length:
            oldest = self.types.index(code)
            del self.item_hashes[oldest], self.types[oldest], self.at[oldest]

    def take_in(self, other: "_User", length: int) -> None:
        """Adds all that is kept of another; at equal times what was there comes first."""
        count = self.count + other.count
        for item_hash, code, at in zip(other.item_hashes, other.types, other.at, strict=True):
            self.add(item_hash, code, at, length)
        self.count = count
        self.seen.take_in(other.seen)

    def before(self, at: float) -> tuple[Array, Array, Array]:
        """Copies as uint64, int8 and float64 of what was strictly earlier."""
        end = int(np.searchsorted(self.at, at))
        return (
            np.array(self.item_hashes[:end], np.uint64),
            np.array(self.types[:end], np.int8),
            np.array(self.at[:end], np.float64),
        )


class MemoryState:
    """Keeps the last events of every user, and what they saw in the last days; safe to share between threads.

    Each event type has its own room, so that many impressions cannot crowd out a few views. Event ids are remembered
    for 48 hours after their arrival, at most a million of them.

    Args:
        config: how much is kept.
        clock: seconds that only rise, to age event ids by.
    """

    def __init__(self, config: StateConfig, clock: Callable[[], float] = time.monotonic) -> None:
        self._config = config
        self._levels = seen_levels(config.seen)
        self._is_seen: list[bool] = config.counted.tolist()
        self._clock = clock
        self._lock = Lock()
        self._counts = DecayedCounts(config.half_life_s)
        self._users: dict[str, _User] = {}
        self._forgotten: set[str] = set()
        self._arrived: dict[str, float] = {}

    def append(self, events: Sequence[Event]) -> int:
        hashes: list[int] = stable_hashes(event.item_id for event in events).tolist()
        with self._lock:
            now = self._clock()
            self._drop_old_ids(now)
            return sum(self._add(event, item_hash, now) for event, item_hash in zip(events, hashes, strict=True))

    def read(self, user_ids: Sequence[str], before: Array) -> UserStates:
        with self._lock:
            known = [(self._users.get(name), at) for name, at in zip(user_ids, before.tolist(), strict=True)]
            rows = [NO_EVENTS if user is None else user.before(at) for user, at in known]
            days = [() if user is None else user.seen.until(at) for user, at in known]
            forgotten = np.array([name in self._forgotten for name in user_ids], bool)
        hashes, types, at = map(np.concatenate, zip(NO_EVENTS, *rows, strict=True))
        offsets = offsets_of(np.array([len(each) for each, _, _ in rows], np.int64))
        return UserStates(events=KnownEvents.of(hashes, types, at, offsets), seen=days_of(days), forgotten=forgotten)

    def forget(self, user_id: str) -> int:
        """As in StateStore. The name alone is kept, so that older logs of the user stay closed too."""
        with self._lock:
            self._forgotten.add(user_id)
            return self._emptied(user_id)

    def reset(self, user_id: str) -> int:
        with self._lock:
            return self._emptied(user_id)

    def merge(self, source: str, target: str) -> int:
        with self._lock:
            if source == target or source not in self._users:
                return 0
            moved = self._users.pop(source)
            self._user(target).take_in(moved, self._config.length)
            return moved.count

    def demand(self, counted: Bools, now: float) -> tuple[Array, Array]:
        return self._counts.of(counted, now)

    def _add(self, event: Event, item_hash: int, now: float) -> bool:
        if event.event_id in self._arrived:
            return False
        self._arrived[event.event_id] = now
        user, code = self._user(event.user_id), CODE_OF_TYPE[event.type]
        user.add(item_hash, code, event.at, self._config.length)
        if self._is_seen[code]:
            user.seen.add(item_hash, event.at)
        self._counts.add(item_hash, code, event.at)
        return True

    def _user(self, name: str) -> _User:
        if name not in self._users:
            self._users[name] = _User(seen=SeenBitmaps(days=self._config.seen.days, levels=self._levels))
        return self._users[name]

    def _emptied(self, name: str) -> int:
        """Drops a user; returns how many events that were."""
        user = self._users.pop(name, None)
        return user.count if user else 0

    def _drop_old_ids(self, now: float) -> None:
        while self._arrived:
            oldest = next(iter(self._arrived))
            if len(self._arrived) <= REMEMBER_IDS and now - self._arrived[oldest] < REMEMBER_IDS_S:
                return
            del self._arrived[oldest]
