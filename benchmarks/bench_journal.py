"""What users did, on disk before it is acknowledged, and read again at the start."""

import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

import numpy as np

from benchmarks.inputs import Inputs
from benchmarks.measure import frozen_garbage, latencies_ms
from benchmarks.result import Result
from benchmarks.workload import WARM_UP
from winnow.stores.event import Event
from winnow.stores.event_journal import EventJournal
from winnow.stores.state_operation import EventsAppended

GROUP = "event.journal"
QUALITY = False
BATCH = 100
ROUNDS = {"write": 100, "fsync": 10}
REPLAYED = 1_000_000
KEEP_S = 30 * 86_400.0
Sync = Literal["write", "fsync"]
SYNCS: tuple[Sync, ...] = ("write", "fsync")
TOLD = {"write": "written to the kernel", "fsync": "written to the disk (fsync)"}


def rows(inputs: Inputs) -> Iterator[Result]:
    """Medians of one event and of a batch in both modes, and events replayed in a second."""
    inputs.cache.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=inputs.cache) as folder:
        for sync in SYNCS:
            for size in (1, BATCH):
                yield append_row(Path(folder) / f"{sync}-{size}", size, sync)
        for size in (1, BATCH):
            yield replay_row(Path(folder) / f"replay-{size}", size)


def append_row(folder: Path, size: int, sync: Sync) -> Result:
    """Median of an append of `size` events."""
    operations, journal = [operation(number, size) for number in range(1000)], opened(folder, sync)
    taken = latencies_ms(
        lambda number: journal.append(operations[number % len(operations)]),
        warm_up=WARM_UP,
        rounds=ROUNDS[sync],
        label=f"append {size}, {sync}",
    )
    journal.close()
    name = f"{GROUP}.append.{'' if size == 1 else f'{size}.'}{'' if sync == 'write' else f'{sync}.'}p50_us"
    how = f"{TOLD[sync]}, {size} events at once, {ROUNDS[sync] * 100:,} times, one thread"
    return Result(name=name, value=float(np.median(taken)) * 1e3, unit="us", better="lower", how=how)


def replay_row(folder: Path, size: int) -> Result:
    """Events in a second, from files that were just written."""
    journal, count = opened(folder, "write"), REPLAYED // size
    for number in range(count):
        journal.append(operation(number, size))
    journal.close()
    num_bytes = sum(path.stat().st_size for path in folder.glob("*.log"))
    journal = EventJournal.open(folder, KEEP_S)
    with frozen_garbage():
        start = time.perf_counter()
        replayed = sum(1 for _ in journal.replay())
        seconds = time.perf_counter() - start
    journal.close()
    how = f"{replayed:,} records of {size} events, {num_bytes / count / size:.0f} bytes an event, {seconds:.2f} s"
    name = f"{GROUP}.replay.{'' if size == 1 else f'{size}.'}per_s"
    return Result(name=name, value=replayed * size / seconds, unit="events/s", better="higher", how=how)


def opened(folder: Path, sync: Sync) -> EventJournal:
    """A new journal that is ready."""
    journal = EventJournal.open(folder, KEEP_S, sync=sync)
    for _ in journal.replay():
        raise ValueError(f"{folder} is not new.")
    return journal


def operation(number: int, size: int) -> EventsAppended:
    """Views by one user, with names as long as a shop's."""
    now = time.time()
    events = tuple(
        Event(
            event_id=f"{number:012x}-{place:04x}",
            user_id=f"user-{number % 5000}",
            item_id=f"item-{place}",
            type="view",
            at=now,
        )
        for place in range(size)
    )
    return EventsAppended(at=now, events=events)
