"""What it costs to know what users have seen, in wrong answers and in memory."""

from collections.abc import Iterator

import numpy as np

from benchmarks.inputs import Inputs
from benchmarks.result import Result
from benchmarks.state_users import NOW, SEEN, StateUsers, state_users
from winnow.schema.stable_hash import stable_hashes
from winnow.stores.seen_days import seen_among
from winnow.stores.seen_layout import seen_levels
from winnow.stores.valkey_keys import UserKeys

GROUP = "seen"
QUALITY = False
PAIRS, USERS, VIEWS_A_DAY = 100_000, 20, (20, 200, 1_500)


def rows(inputs: Inputs) -> Iterator[Result]:
    """Share of unseen pairs of user and item that are called seen, and bytes of a user, by how much users see."""
    with state_users(inputs.cache) as users:
        for views in VIEWS_A_DAY:
            names = [f"{views} a day {number}" for number in range(USERS)]
            for name in names:
                users.fill(name, views)
            made_for = f"made for {SEEN.items_a_day} a day at a rate of {SEEN.error_rate}"
            how = f"{USERS} users who saw {views} items on each of {SEEN.days} days; {made_for}"
            middle = "" if views == SEEN.items_a_day else f".{views}_a_day"
            rate, of_bits, of_all = wrong(users, names), *bytes_of(users, names[0])
            told = f"{PAIRS:,} unseen pairs; {how}"
            yield Result(name=f"seen{middle}.false_positive_rate", value=rate, unit="share", better="lower", how=told)
            told = f"MEMORY USAGE of the bitmaps; {of_all:,} with the last {users.config.length} events; {how}"
            yield Result(
                name=f"seen{middle}.bytes_per_active_user", value=of_bits, unit="bytes", better="lower", how=told
            )


def wrong(users: StateUsers, names: list[str]) -> float:
    """Share of items that none of the users has seen which are called seen."""
    share = PAIRS // len(names)
    items = stable_hashes(f"unseen {number}" for number in range(PAIRS))
    days = users.state.read(names, np.full(len(names), NOW + 1.0)).seen
    called = seen_among(days, seen_levels(SEEN), items, np.arange(0, PAIRS + 1, share))
    return float(called.mean())


def bytes_of(users: StateUsers, name: str) -> tuple[int, int]:
    """What the server spends on the bitmaps of a user, and on all keys of the user."""
    keys, last = UserKeys.of(name), int(NOW // 86_400)
    asked = [*keys.seen(range(last - SEEN.days, last + 1)), *keys.events(), keys.count]
    sizes = [each or 0 for each in users.client.send([("MEMORY", "USAGE", key) for key in asked])]
    return sum(sizes[: SEEN.days + 1]), sum(sizes)
