"""What users did, in one process."""

import math
import time
from array import array
from bisect import bisect_left, bisect_right
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
from winnow.stores.seen_layout import seen_day, seen_levels
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

    def take_in(self, other: "_User", length: int, today: int) -> None:
        """Adds all that is kept of another; at equal times what was there comes first."""
        count = self.count + other.count
        for item_hash, code, at in zip(other.item_hashes, other.types, other.at, strict=True):
            self.add(item_hash, code, at, length)
        self.count = count
        self.seen.take_in(other.seen, today)

    def before(self, at: float) -> tuple[Array, Array, Array]:
        """Copies as uint64, int8 and float64 of what was strictly earlier."""
        end = bisect_left(self.at, at)
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
        clock: UTC seconds, to age event ids by.
    """

    def __init__(self, config: StateConfig, clock: Callable[[], float] = time.time) -> None:
        self._config = config
        self._levels = seen_levels(config.seen)
        self._is_seen: list[bool] = config.counted.tolist()
        self._clock = clock
        self._lock = Lock()
        self._counts = DecayedCounts(config.half_life_s)
        self._users: dict[str, _User] = {}
        self._forgotten: set[str] = set()
        self._arrived: dict[str, float] = {}

    def append(self, events: Sequence[Event], arrived_at: float | None = None) -> int:
        """As in StateStore.

        Args:
            events: of any users.
            arrived_at: UTC seconds, for events that are told again; now by default.
        """
        hashes: list[int] = stable_hashes(event.item_id for event in events).tolist()
        with self._lock:
            now = self._clock()
            self._drop_old_ids(now)
            at = now if arrived_at is None else arrived_at
            return sum(self._add(event, item_hash, at) for event, item_hash in zip(events, hashes, strict=True))

    def new_among(self, events: Sequence[Event]) -> list[Event]:
        """Those that `append` would store: each id once, and none that came within the last 48 hours."""
        with self._lock:
            self._drop_old_ids(self._clock())
            once = {event.event_id: event for event in reversed(events)}
            return [each for each in events if once[each.event_id] is each and each.event_id not in self._arrived]

    def read(self, user_ids: Sequence[str], before: Array) -> UserStates:
        with self._lock:
            known = [(self._users.get(name), at) for name, at in zip(user_ids, before.tolist(), strict=True)]
            rows = [NO_EVENTS if user is None else user.before(at) for user, at in known]
            today = seen_day(self._clock())
            days = [() if user is None else user.seen.until(_day_of(at, today)) for user, at in known]
            forgotten = np.array([name in self._forgotten for name in user_ids], bool)
        hashes, types, at = map(np.concatenate, zip(NO_EVENTS, *rows, strict=True))
        offsets = offsets_of(np.array([len(each) for each, _, _ in rows], np.int64))
        return UserStates(events=KnownEvents.of(hashes, types, at, offsets), seen=days_of(days), forgotten=forgotten)

    def forget(self, user_id: str) -> int:
        """As in StateStore. The name alone is kept, so that older logs of the user stay closed too."""
        if not user_id:
            return 0
        with self._lock:
            self._forgotten.add(user_id)
            return self._emptied(user_id)

    def reset(self, user_id: str) -> int:
        with self._lock:
            return self._emptied(user_id)

    def merge(self, source: str, target: str) -> int:
        with self._lock:
            if not target or source == target or source not in self._users:
                return 0
            moved = self._users.pop(source)
            self._user(target).take_in(moved, self._config.length, seen_day(self._clock()))
            return moved.count

    def demand(self, counted: Bools, now: float) -> tuple[Array, Array]:
        return self._counts.of(counted, now)

    def _add(self, event: Event, item_hash: int, arrived_at: float) -> bool:
        if event.event_id in self._arrived:
            return False
        self._arrived[event.event_id] = arrived_at
        user, code = self._user(event.user_id), CODE_OF_TYPE[event.type]
        user.add(item_hash, code, event.at, self._config.length)
        if self._is_seen[code]:
            user.seen.add(item_hash, event.at, seen_day(self._clock()))
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


def _day_of(at: float, today: int) -> int:
    return seen_day(at) if at < math.inf else today
