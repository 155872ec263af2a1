"""What snapshots of the embedded store cost those who wait for it, and what they spare the next start."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread

import numpy as np

from benchmarks.inputs import Inputs
from benchmarks.measure import frozen_garbage
from benchmarks.result import Result
from winnow.stores.counted_types import counted_types
from winnow.stores.durable_state import DurableState
from winnow.stores.event import Event
from winnow.stores.state_config import StateConfig

GROUP = "state.snapshot"
QUALITY = False
CONFIG = StateConfig(length=50, counted=counted_types(["view"]))
USERS, EVENTS, BATCH = 100_000, 1_000_000, 100
START_USERS = 20_000
PAUSE_S, ROUNDS = 0.001, 2_000


def rows(inputs: Inputs) -> Iterator[Result]:
    """How long calls take while a snapshot is taken, how long that takes, and two ways to start again."""
    inputs.cache.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=inputs.cache) as folder:
        yield from start_rows(Path(folder) / "start")
        yield from wait_rows(Path(folder) / "wait")


def start_rows(folder: Path) -> Iterator[Result]:
    """Seconds until a store knows what it knew, from the journal alone and from a snapshot."""
    filled(folder, START_USERS, EVENTS).close()
    told = f"{EVENTS:,} events of {START_USERS:,} users, which came {BATCH} at once"
    for name in ("replay", "load"):
        with frozen_garbage():
            start = time.perf_counter()
            store = DurableState.open(folder, CONFIG)
            seconds = time.perf_counter() - start
        store.snapshot()
        store.close()
        how = f"{told}; {'the whole journal' if name == 'replay' else 'a snapshot that stands for all of it'}"
        yield Result(name=f"{GROUP}.{name}_s", value=seconds, unit="s", better="lower", how=how)


def wait_rows(folder: Path) -> Iterator[Result]:
    """Milliseconds that calls take at most, alone and while a snapshot is taken."""
    store = filled(folder, USERS, EVENTS)
    with frozen_garbage():
        alone = {name: np.array([taken_ms(call, n) for n in range(ROUNDS)]) for name, call in calls(store).items()}
        start = time.perf_counter()
        thread = Thread(target=store.snapshot)
        thread.start()
        during: dict[str, list[float]] = {name: [] for name in alone}
        number = 0
        while thread.is_alive() or not number:
            number += 1
            for name, call in calls(store).items():
                during[name].append(taken_ms(call, ROUNDS + number))
            time.sleep(PAUSE_S)
        seconds = time.perf_counter() - start
    size = store.snapshot_size
    store.close()
    told = f"{USERS:,} users with {EVENTS // USERS} events each, {size / 1e6:.0f} MB, a call of each kind a ms"
    yield Result(name=f"{GROUP}.take_s", value=seconds, unit="s", better="lower", how=told)
    for name, taken in during.items():
        p50, p99, most = np.percentile(taken, [50, 99, 100])
        how = f"{told}; p50 {p50:.2f}, most {most:.1f}; alone p99 {np.percentile(alone[name], 99):.2f}, "
        how += f"most {alone[name].max():.1f}"
        yield Result(name=f"{GROUP}.{name}.p99_ms", value=float(p99), unit="ms", better="lower", how=how)


def calls(store: DurableState) -> dict[str, Callable[[int], object]]:
    """One event, and the state of one user."""
    return {
        "append": lambda number: store.append([event(number, EVENTS + number, USERS)]),
        "read": lambda number: store.read([f"user-{number % USERS}"], np.array([np.inf])),
    }


def taken_ms(call: Callable[[int], object], number: int) -> float:
    """Of one call."""
    start = time.perf_counter()
    call(number)
    return (time.perf_counter() - start) * 1e3


def filled(folder: Path, num_users: int, num_events: int) -> DurableState:
    """A store that was told events of its users in turn."""
    store = DurableState.open(folder, CONFIG)
    for first in range(0, num_events, BATCH):
        store.append([event(number, number, num_users) for number in range(first, first + BATCH)])
    return store


def event(number: int, name: int, num_users: int) -> Event:
    """A view of one of 10,000 items, with names as long as a shop's."""
    return Event(
        event_id=f"{name:012x}-0000",
        user_id=f"user-{number % num_users}",
        item_id=f"item-{number * 7 % 10_000}",
        type="view",
        at=time.time(),
    )
