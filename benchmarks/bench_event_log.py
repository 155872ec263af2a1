"""How fast the worker takes events from a server to disk."""

import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from benchmarks.inputs import Inputs
from benchmarks.result import Result
from benchmarks.state_users import NOW, StateUsers, state_users
from winnow.serving.event_log.event_folder import EventFolder
from winnow.serving.event_log.event_worker import EventWorker
from winnow.stores.valkey_demand import ValkeyDemand
from winnow.stores.valkey_log import ValkeyLog

GROUP = "event"
QUALITY = False
EVENTS, USERS, ROUNDS = 100_000, 5_000, 3


def rows(inputs: Inputs) -> Iterator[Result]:
    """Events a second, in the median of some rounds, of a worker that has fallen behind."""
    with state_users(inputs.cache, appendonly="yes", appendfsync="everysec") as users:
        taken_s = [drained_s(users, inputs.cache, number) for number in range(ROUNDS)]
    how = (
        f"{EVENTS:,} views by {USERS:,} users on as many items wait in 256 streams; read, counted as demand, written "
        f"as Parquet, brought to disk and deleted; loopback, appendfsync everysec, {ROUNDS} rounds"
    )
    value = EVENTS / float(np.median(taken_s))
    yield Result(name="event.log.written_a_second", value=value, unit="events/s", better="higher", how=how)


def drained_s(users: StateUsers, cache: Path, number: int) -> float:
    """Seconds to write what waits."""
    fill(users, number)
    with TemporaryDirectory(dir=cache) as folder, EventFolder.opened(Path(folder), lambda: None) as log:
        users.client.send([("DEL", "log:owner")])
        source = ValkeyLog(client=users.client, owner=log.name)
        worker = EventWorker(source=source, folder=log, count=ValkeyDemand(client=users.client).count)
        started = time.perf_counter()
        written = worker.run_once()
        taken = time.perf_counter() - started
    if written != EVENTS:
        raise AssertionError(f"Of {EVENTS} events {written} were written.")
    return taken


def fill(users: StateUsers, number: int) -> None:
    """Lets users view an item each by turns."""
    for start in range(0, EVENTS, 1_000):
        names = range(start, min(start + 1_000, EVENTS))
        users.state.append([users.view(f"user {each % USERS}", f"{number} {each // USERS}", NOW) for each in names])
