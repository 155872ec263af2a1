"""What users did, on a Valkey server."""

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from secrets import token_hex

import numpy as np

from winnow.schema.column import Array, Bools
from winnow.schema.errors import Unavailable
from winnow.stores.event import Event
from winnow.stores.log_entry import FORGET, RESET
from winnow.stores.seen_layout import seen_day, seen_levels
from winnow.stores.state_config import StateConfig
from winnow.stores.state_store import UserStates
from winnow.stores.valkey_append import ValkeyAppend
from winnow.stores.valkey_client import MissedError, ValkeyClient
from winnow.stores.valkey_demand import other_half_life
from winnow.stores.valkey_keys import DEMAND, HALF_LIFE, TYPES, UserKeys, counted_key, demand_key
from winnow.stores.valkey_merge import ValkeyMerge
from winnow.stores.valkey_script import Script
from winnow.stores.valkey_states import ANSWERS, NOTHING, read_commands, states_of

APPEND, EMPTY = Script.of("valkey_append"), Script.of("valkey_forget")


@dataclass(frozen=True, slots=True)
class ValkeyState:
    """A StateStore that any number of processes share; each call is one round trip, and `merge` three.

    Of each user and event type it keeps the last events, until 30 days have passed without one. What was seen
    is kept of events whose day is less than `days` away from the present one. An event id is compared with those of
    the same shard, which holds all events of its user. Every new event is in the stream of its shard besides.

    Attributes:
        client: of the server.
        config: how much is kept.
        clock: UTC seconds, to age event ids and bitmaps by.
        fresh_token: a text that no other merge has.

    Raises:
        RecipeError: the bitmap of a day would be larger than a server allows.
    """

    client: ValkeyClient
    config: StateConfig
    clock: Callable[[], float] = time.time
    fresh_token: Callable[[], str] = token_hex
    appended: ValkeyAppend = field(init=False, repr=False)
    merged: ValkeyMerge = field(init=False, repr=False)

    def __post_init__(self) -> None:
        appended = ValkeyAppend(
            length=self.config.length,
            levels=seen_levels(self.config.seen),
            config=self.config.seen,
            counted=self.config.counted,
        )
        object.__setattr__(self, "appended", appended)
        merged = ValkeyMerge(client=self.client, config=self.config, clock=self.clock, fresh_token=self.fresh_token)
        object.__setattr__(self, "merged", merged)

    def append(self, events: Sequence[Event]) -> int:
        """As in StateStore. Where it raises, events of some users may be stored; sent again, none counts twice."""
        by_user: dict[str, list[Event]] = {}
        for event in events:
            by_user.setdefault(event.user_id, []).append(event)
        now = self.clock()
        calls = [self.appended.call(user_id, own, now) for user_id, own in by_user.items()]
        try:
            return sum(self.client.run(APPEND, calls)) if calls else 0
        except MissedError:
            return sum(self.client.run(APPEND, calls))

    def read(self, user_ids: Sequence[str], before: Array, within_s: float = math.inf) -> UserStates:
        """As in StateStore; days are those until now where `before` is +inf."""
        asked = [(UserKeys.of(user_id), at) for user_id, at in zip(user_ids, before.tolist(), strict=True) if user_id]
        commands = [each for keys, at in asked for each in read_commands(keys, at, self._days_until(at))]
        replies = self.client.send(commands, within_s) if commands else []
        answers = (replies[start : start + ANSWERS] for start in range(0, len(replies), ANSWERS))
        return states_of([next(answers) if user_id else NOTHING for user_id in user_ids])

    def forget(self, user_id: str) -> int:
        return self._emptied(user_id, FORGET) if user_id else 0

    def reset(self, user_id: str) -> int:
        return self._emptied(user_id, RESET) if user_id else 0

    def close_past(self, user_id: str) -> None:
        self.client.send([("SET", UserKeys.of(user_id).forgotten, 1)])

    def merge(self, source: str, target: str) -> int:
        """As in StateStore. What moves is for an instant read of neither.

        Where it raises, that may stay so until the next merge of the source, which finishes this one first, to the
        target that it had, and then takes what came since. Only events that came by this very call are counted.
        """
        if not source or not target or source == target:
            return 0
        return self.merged.run(source, target)

    def demand(self, counted: Bools, now: float) -> tuple[Array, Array]:
        """As in StateStore; the log writer counts, so that it is as late as that.

        Raises:
            Unavailable: it does not answer, or counts with another half-life than that of the bundle.
        """
        types = [each for each, is_counted in zip(TYPES, counted.tolist(), strict=True) if is_counted]
        asked = [(("HGETALL", demand_key(each)), ("HGET", counted_key(each), HALF_LIFE)) for each in types]
        answers = self.client.send([command for pair in asked for command in pair]) if asked else []
        for counted_with in answers[1::2]:
            if sentence := other_half_life(counted_with, self.config.half_life_s, self.client.address):
                raise Unavailable(sentence)
        replies = answers[::2]
        kept = [field for reply in replies for field in reply.items()]
        weights, as_of = np.array([DEMAND.unpack(value) for _, value in kept], np.float64).reshape(-1, 2).T
        left = np.exp2(-np.maximum(now - as_of, 0) / self.config.half_life_s)
        return np.frombuffer(b"".join(item for item, _ in kept), "<u8").astype(np.uint64), weights * left

    def _days_until(self, before: float) -> range:
        """The days whose bitmaps hold what counts as seen at an instant."""
        last = seen_day(self.clock() if before == math.inf else before)
        return range(last - self.config.seen.days + 1, last + 1)

    def _emptied(self, user_id: str, kind: str) -> int:
        """Deletes what is kept of a user, and what is on its way from there; returns how many events that were."""
        keys, days = UserKeys.of(user_id), self.config.seen.days_kept(seen_day(self.clock()))
        count, *others = keys.kept(days)
        count_aside, *others_aside = keys.aside().kept(days)
        names = [keys.forgotten, keys.log, count, count_aside, keys.moving, *others, *others_aside]
        (events,) = self.client.run(EMPTY, [(names, [kind, user_id])])
        return events
