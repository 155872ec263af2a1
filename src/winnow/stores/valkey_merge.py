"""How a Valkey server makes what one name did another's, where the two are in different shards."""

import math
import struct
from collections.abc import Callable
from dataclasses import dataclass

from winnow.stores.seen_layout import seen_day
from winnow.stores.state_config import StateConfig
from winnow.stores.valkey_append import DAY_S, EVENTS_LIFE_S
from winnow.stores.valkey_client import ValkeyClient
from winnow.stores.valkey_keys import TYPES, UserKeys
from winnow.stores.valkey_parcel import Parcel
from winnow.stores.valkey_script import Script

TAKE, ABSORB, RELEASE = Script.of("valkey_take"), Script.of("valkey_absorb"), Script.of("valkey_release")
ARRIVED_BYTES = 8
"""At the beginning of a member; the item hash and the time follow."""
FIRST_EVENTS = 5
FIRST_SEEN = FIRST_EVENTS + len(TYPES)
"""Places in KEYS of `valkey_absorb.lua`, counted from 1."""
STRAGGLER_S = 2 * DAY_S
"""How long a token is known when what was put aside with it is certainly gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ValkeyMerge:
    """Three steps, each of which runs in one piece in one shard: take, absorb, release.

    Whoever is cut short leaves what was taken under names of its own and with a token. Who takes next finds that first,
    and takes it to the target that it was meant for, which knows the token if it has come already.

    Attributes:
        client: of the server.
        config: how much is kept.
        clock: UTC seconds.
        fresh_token: a text that nobody else makes.
    """

    client: ValkeyClient
    config: StateConfig
    clock: Callable[[], float]
    fresh_token: Callable[[], str]

    def run(self, source: str, target: str) -> int:
        """Moves all from one outside name to another one; returns how many events came to it by this very call."""
        own, moved = self.fresh_token(), 0
        while parcel := self.take(source, target, own):
            came = self.absorb(parcel)
            self.release(parcel)
            moved += came if parcel.target == target else 0
            if parcel.token == own:
                break
        return moved

    def take(self, source: str, target: str, token: str) -> Parcel | None:
        """Puts all that is kept of the source aside, or finds what was put aside before; None if there is nothing."""
        keys, days, now = UserKeys.of(source), self._days(), self.clock()
        names = [keys.moving, *keys.kept(days), *keys.aside().kept(days)]
        (answer,) = self.client.run(TAKE, [(names, [token, target, repr(now), self._longest_life_s(), len(TYPES)])])
        return Parcel.of(source, days, answer) if answer else None

    def absorb(self, parcel: Parcel) -> int:
        """Adds it to its target, if it has not come yet; returns how many events came."""
        keys, now = UserKeys.of(parcel.target), self.clock()
        log = ["kind", "merge", "source", parcel.source, "target", parcel.target, "at", parcel.at]
        lives = {day: math.ceil((day + self.config.seen.days) * DAY_S - now) for day in parcel.seen}
        days = [day for day, life_s in lives.items() if life_s > 0]
        arguments: list[str | bytes | int] = [self._longest_life_s() + STRAGGLER_S, self.config.length, EVENTS_LIFE_S]
        arguments += [parcel.count, len(log), 3 * len(parcel.events), *log]
        for member, code in parcel.events:
            item_and_time = member[ARRIVED_BYTES:]
            _, at = struct.unpack("<Qd", item_and_time)
            arguments += [FIRST_EVENTS + code, repr(at), item_and_time]
        for place, day in enumerate(days, FIRST_SEEN):
            arguments += [place, lives[day], parcel.seen[day]]
        names = [keys.merged(parcel.token), keys.log, keys.merging, keys.count, *keys.events(), *keys.seen(days)]
        (came,) = self.client.run(ABSORB, [(names, arguments)])
        return came

    def release(self, parcel: Parcel) -> None:
        """Deletes what was put aside; it must have come to its target."""
        keys = UserKeys.of(parcel.source)
        self.client.run(RELEASE, [([keys.moving, *keys.aside().kept(self._days())], [parcel.token])])

    def _days(self) -> range:
        return self.config.seen.days_kept(seen_day(self.clock()))

    def _longest_life_s(self) -> int:
        """No key that can be put aside lives longer: when the mark goes, nothing is left to be taken twice."""
        return max(EVENTS_LIFE_S, 2 * self.config.seen.days * DAY_S)
