"""What users did, in one process."""

import math
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Lock

import numpy as np

from winnow.schema.column import Array, Bools, offsets_of_each
from winnow.schema.stable_hash import stable_hashes
from winnow.stores.active_days import ActiveDays
from winnow.stores.arrived_ids import ArrivedIds
from winnow.stores.decayed_counts import DecayedCounts
from winnow.stores.event import CODE_OF_TYPE, Event
from winnow.stores.known_events import KnownEvents
from winnow.stores.live_user import LiveUser
from winnow.stores.memory_snapshot import MemorySnapshot
from winnow.stores.seen_bitmaps import SeenBitmaps
from winnow.stores.seen_days import days_of
from winnow.stores.seen_layout import seen_day, seen_levels
from winnow.stores.state_config import StateConfig
from winnow.stores.state_store import UserStates

KEEP_DAYS = 30
"""After which a user of whom nothing came is nobody again."""
REMEMBER_IDS_S = 48 * 3600.0
REMEMBER_IDS = 1_000_000

NO_EVENTS = (np.empty(0, np.uint64), np.empty(0, np.int8), np.empty(0, np.float64))


class MemoryState:
    """Keeps the last events of every user, and what they saw in the last days; safe to share between threads.

    Each event type has its own room, so that many impressions cannot crowd out a few views. Event ids are remembered
    for 48 hours after their arrival, at most a million of them. A user of whom nothing came for 30 days, or for as long
    as seen items are remembered, is nobody again.

    Args:
        config: how much is kept.
        clock: UTC seconds, to age users and event ids by.
    """

    def __init__(self, config: StateConfig, clock: Callable[[], float] = time.time) -> None:
        self._config = config
        self._nothing_seen = SeenBitmaps(days=config.seen.days, levels=seen_levels(config.seen))
        self._is_seen: list[bool] = config.counted.tolist()
        self._keep_days = max(KEEP_DAYS, config.seen.days)
        self._clock = clock
        self._lock = Lock()
        self._counts = DecayedCounts(config.half_life_s)
        self._users: dict[str, LiveUser] = {}
        self._active = ActiveDays()
        self._edition = 0
        self._forgotten: set[str] = set()
        self._arrived = ArrivedIds(REMEMBER_IDS_S, REMEMBER_IDS)

    @staticmethod
    def load(folder: Path, config: StateConfig, clock: Callable[[], float] = time.time) -> "MemoryState":
        """Goes on with what `frozen` saved.

        What the config asks for beyond what was kept is missing; where its rule of what is seen is another one, what
        was seen is only known of events that are known one by one.

        Raises:
            DataError: it is damaged, or of another program.
        """
        memory = MemoryState(config, clock)
        memory._take_over(MemorySnapshot.load(folder, memory._nothing_seen))
        return memory

    def frozen(self) -> MemorySnapshot:
        """All that is known now, which stays so. It takes a millisecond or two for each 100,000 users."""
        with self._lock:
            # From now on, who is written to is copied first.
            self._edition += 1
            return MemorySnapshot(
                users=self._users.copy(),
                first_day=seen_day(self._clock()) - self._keep_days,
                forgotten=tuple(self._forgotten),
                arrived=self._arrived.frozen(),
                counts=self._counts.frozen(),
                length=self._config.length,
                seen_rule=_seen_rule(self._config),
            )

    def append(self, events: Sequence[Event], arrived_at: float | None = None) -> int:
        """As in StateStore.

        Args:
            events: of any users.
            arrived_at: UTC seconds, for events that are told again; now by default.
        """
        hashes: list[int] = stable_hashes(event.item_id for event in events).tolist()
        with self._lock:
            now = self._now(arrived_at)
            self._arrived.drop_old(now)
            self._drop_old_users(now, len(events) + 1)
            return sum(self._add(event, item_hash, now) for event, item_hash in zip(events, hashes, strict=True))

    def new_among(self, events: Sequence[Event]) -> list[Event]:
        """Those that `append` would store: each id once, and none that came within the last 48 hours."""
        with self._lock:
            self._arrived.drop_old(self._clock())
            once = {event.event_id: event for event in reversed(events)}
            return [each for each in events if once[each.event_id] is each and each.event_id not in self._arrived]

    def read(self, user_ids: Sequence[str], before: Array, within_s: float = math.inf) -> UserStates:
        with self._lock:
            today = seen_day(self._clock())
            known = [(self._known(name, today), at) for name, at in zip(user_ids, before.tolist(), strict=True)]
            rows = [NO_EVENTS if user is None else user.before(at) for user, at in known]
            days = [() if user is None else user.seen.until(_day_of(at, today)) for user, at in known]
            forgotten = np.array([name in self._forgotten for name in user_ids], bool)
        # One user, as most come, has columns of their own.
        hashes, types, at = rows[0] if len(rows) == 1 else map(np.concatenate, zip(NO_EVENTS, *rows, strict=True))
        offsets = offsets_of_each([len(each) for each, _, _ in rows])
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

    def close_past(self, user_id: str) -> None:
        with self._lock:
            self._forgotten.add(user_id)

    def merge(self, source: str, target: str, at: float | None = None) -> int:
        """As in StateStore.

        Args:
            source: outside name.
            target: outside name.
            at: UTC seconds, for a merge that is told again; now by default.
        """
        with self._lock:
            today = seen_day(self._now(at))
            moved = self._known(source, today)
            if moved is None or not target or source == target:
                return 0
            self._drop(source)
            self._writable(target, today).take_in(moved, self._config.length, today)
            return moved.count

    def demand(self, counted: Bools, now: float) -> tuple[Array, Array]:
        return self._counts.of(counted, now)

    def _now(self, told: float | None) -> float:
        return self._clock() if told is None else told

    def _add(self, event: Event, item_hash: int, arrived_at: float) -> bool:
        if event.event_id in self._arrived:
            return False
        self._arrived.add(event.event_id, arrived_at)
        code, today = CODE_OF_TYPE[event.type], seen_day(arrived_at)
        user = self._writable(event.user_id, today)
        user.add(item_hash, code, event.at, self._config.length)
        if self._is_seen[code]:
            user.seen.add(item_hash, event.at, today)
        self._counts.add(item_hash, code, event.at)
        return True

    def _known(self, name: str, today: int) -> LiveUser | None:
        user = self._users.get(name)
        return None if user is None or user.day < today - self._keep_days else user

    def _writable(self, name: str, today: int) -> LiveUser:
        """The user, active today, who may be written to; a new one if there is none."""
        user = self._known(name, today)
        if user is not None and user.edition == self._edition and user.day >= today:
            return user
        self._drop(name)
        if user is None:
            user = LiveUser(seen=self._nothing_seen.copy(), day=today, edition=self._edition)
        elif user.edition != self._edition:
            user = user.copy(self._edition)
        user.day = max(user.day, today)
        self._keep(name, user)
        return user

    def _keep(self, name: str, user: LiveUser) -> None:
        self._users[name] = user
        self._active.add(name, user.day)

    def _drop(self, name: str) -> LiveUser | None:
        user = self._users.pop(name, None)
        if user is not None:
            self._active.remove(name, user.day)
        return user

    def _emptied(self, name: str) -> int:
        """Drops a user; returns how many events that were."""
        user = self._known(name, seen_day(self._clock()))
        self._drop(name)
        return user.count if user else 0

    def _drop_old_users(self, now: float, most: int) -> None:
        """Some of those who are nobody again: more than may come at once."""
        for name in self._active.some_before(seen_day(now) - self._keep_days, most):
            self._drop(name)

    def _take_over(self, snapshot: MemorySnapshot) -> None:
        same_rule = tuple(snapshot.seen_rule) == _seen_rule(self._config)
        is_same = same_rule and snapshot.length == self._config.length
        for name, user in snapshot.users.items():
            self._keep(name, user if is_same else self._remade(user, same_rule=same_rule))
        self._forgotten.update(snapshot.forgotten)
        for event_id, at in snapshot.arrived:
            self._arrived.add(event_id, at)
        self._counts = DecayedCounts.of_frozen(self._config.half_life_s, snapshot.counts)

    def _remade(self, user: LiveUser, *, same_rule: bool) -> LiveUser:
        made = LiveUser(seen=user.seen if same_rule else self._nothing_seen.copy(), day=user.day)
        for item_hash, code, at in zip(user.item_hashes, user.types, user.at, strict=True):
            made.add(item_hash, code, at, self._config.length)
            if not same_rule and self._is_seen[code]:
                made.seen.add(item_hash, at, seen_day(self._clock()))
        made.count = user.count
        return made


def _day_of(at: float, today: int) -> int:
    return seen_day(at) if at < math.inf else today


def _seen_rule(config: StateConfig) -> tuple[float, ...]:
    seen = config.seen
    return (float(seen.items_a_day), seen.error_rate, float(seen.days), *map(float, config.counted.tolist()))
