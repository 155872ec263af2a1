"""What a request reads of what its user did, and the answer to which of its candidates were seen."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from benchmarks.inputs import Inputs
from benchmarks.measure import latencies_ms
from benchmarks.result import Result
from benchmarks.state_users import CONFIG, LENGTH, NOW, SEEN, StateUsers, clock, state_users
from winnow.schema.stable_hash import stable_hashes
from winnow.stores.memory_state import MemoryState
from winnow.stores.seen_days import seen_among
from winnow.stores.seen_layout import seen_levels

GROUP = "state"
QUALITY = False
CANDIDATES, USERS, VIEWS_A_DAY = 300, 100, 20
WARM_UP, ROUNDS = 200, 20
LEVELS = seen_levels(SEEN)
CANDIDATE_HASHES = stable_hashes(f"candidate {number}" for number in range(CANDIDATES))
OFFSETS = np.array([0, CANDIDATES])


def rows(inputs: Inputs) -> Iterator[Result]:
    """Median and 99th of a hundred: on a server over one kept connection, and in memory."""
    with state_users(inputs.cache) as on_server:
        ping = latencies_ms(lambda _: on_server.ping(), warm_up=WARM_UP, rounds=ROUNDS, label="ping")
        over = f"loopback, one kept connection, a PING takes {np.median(ping):.3f} ms"
        yield from _rows("valkey", on_server, over)
        yield from _rows("memory", replace(on_server, state=MemoryState(CONFIG, clock)), "in process")


def _rows(name: str, users: StateUsers, where: str) -> Iterator[Result]:
    for user in range(USERS):
        users.fill(f"user {user}", VIEWS_A_DAY)
    taken = latencies_ms(lambda number: read(users, number), warm_up=WARM_UP, rounds=ROUNDS, label=name)
    how = (
        f"the whole state of one user, {LENGTH} events and {VIEWS_A_DAY} items seen on each of {SEEN.days} days, and "
        f"whether {CANDIDATES} candidates are among them; {where}; {ROUNDS * 100:,} reads, {USERS} users"
    )
    for tail, value in (("p50", np.median(taken)), ("p99", np.percentile(taken, 99))):
        yield Result(name=f"state.read.{name}.{tail}_ms", value=float(value), unit="ms", better="lower", how=how)


def read(users: StateUsers, number: int) -> None:
    """One user's state, and 300 candidates of which the user saw some."""
    user_id = f"user {number % USERS}"
    states = users.state.read([user_id], np.array([NOW + 1.0]))
    seen_among(states.seen, LEVELS, CANDIDATE_HASHES, OFFSETS)
