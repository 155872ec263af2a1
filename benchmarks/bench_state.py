"""What a request reads of what its user did, and the answer to which of its candidates were seen."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from benchmarks.inputs import Inputs
from benchmarks.measure import latencies_ms
from benchmarks.result import Result
from benchmarks.state_users import CONFIG, NOW, SEEN, StateUsers, clock, state_users
from winnow.schema.stable_hash import stable_hashes
from winnow.stores.memory_state import MemoryState
from winnow.stores.seen_days import seen_among
from winnow.stores.seen_layout import seen_levels

GROUP = "state"
QUALITY = False
CANDIDATES, USERS = 300, 100
SIZES = {"": (CONFIG, 20), ".last_1000": (replace(CONFIG, length=1_000), 150)}
"""What is kept, and how many views a day there are of it; the second is what a window of 1,000 events asks for."""
WARM_UP, ROUNDS = 200, 20
LEVELS = seen_levels(SEEN)
CANDIDATE_HASHES = stable_hashes(f"candidate {number}" for number in range(CANDIDATES))
OFFSETS = np.array([0, CANDIDATES])


def rows(inputs: Inputs) -> Iterator[Result]:
    """Median and 99th of a hundred: on a server over one kept connection, and in memory."""
    for size, (config, views_a_day) in SIZES.items():
        with state_users(inputs.cache, config) as on_server:
            ping = latencies_ms(lambda _: on_server.ping(), warm_up=WARM_UP, rounds=ROUNDS, label="ping")
            over = f"loopback, one kept connection, a PING takes {np.median(ping):.3f} ms"
            yield from _rows(f"valkey{size}", on_server, views_a_day, over)
            in_memory = replace(on_server, state=MemoryState(config, clock))
            yield from _rows(f"memory{size}", in_memory, views_a_day, "in process")


def _rows(name: str, users: StateUsers, views_a_day: int, where: str) -> Iterator[Result]:
    for user in range(USERS):
        users.fill(f"user {user}", views_a_day)
    taken = latencies_ms(lambda number: read(users, number), warm_up=WARM_UP, rounds=ROUNDS, label=name)
    how = (
        f"the whole state of one user, {users.config.length:,} events and {views_a_day} items seen on each of "
        f"{SEEN.days} days, and whether {CANDIDATES} candidates are among them; {where}; {ROUNDS * 100:,} reads, "
        f"{USERS} users"
    )
    for tail, value in (("p50", np.median(taken)), ("p99", np.percentile(taken, 99))):
        yield Result(name=f"state.read.{name}.{tail}_ms", value=float(value), unit="ms", better="lower", how=how)


def read(users: StateUsers, number: int) -> None:
    """One user's state, and 300 candidates of which the user saw some."""
    user_id = f"user {number % USERS}"
    states = users.state.read([user_id], np.array([NOW + 1.0]))
    seen_among(states.seen, LEVELS, CANDIDATE_HASHES, OFFSETS)
