"""Events over HTTP, in batches and one by one, against a service in a process of its own."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import numpy as np

from benchmarks.inputs import Inputs
from benchmarks.measure import latencies_ms
from benchmarks.result import Result
from benchmarks.service import service
from benchmarks.state_users import state_server
from benchmarks.workload import Workload, workload_of
from winnow.api.client import Client
from winnow.api.events import VisitorEvent
from winnow.engine.open_engine import open_engine
from winnow.schema.schema import EventType

GROUP = "events"
QUALITY = False
KEY = "a-key-of-the-benchmarks"
BATCH, BATCHES = 100, 200
WARM_UP, ROUNDS = 50, 5


def rows(inputs: Inputs) -> Iterator[Result]:
    """Events a second in batches, and the time of a call with one, by where the state is kept."""
    workload = workload_of(inputs.retail)
    items = open_engine(inputs.bundle).catalogue.item_ids
    for place in ("folder", "valkey"):
        with ExitStack() as stack:
            settings, told = _settings(place, stack, inputs.cache)
            client = stack.enter_context(service(inputs.bundle, KEY, **settings))
            yield from _rows(place, client, _views(workload, items), told)


def _rows(place: str, client: Client, view: Callable[[int], VisitorEvent], told: str) -> Iterator[Result]:
    batches = [[view(batch * BATCH + number) for number in range(BATCH)] for batch in range(BATCHES)]
    start = perf_counter()
    for batch in batches:
        client.events(batch)
    taken_s = perf_counter() - start
    how = f"winnow.api.client, one kept loopback connection, the service on the other core; {told}"
    name = "events.http.per_s" if place == "folder" else f"events.http.{place}.per_s"
    batched = f"{BATCHES} calls of {BATCH} events of real users; {how}"
    yield Result(name=name, value=BATCHES * BATCH / taken_s, unit="events/s", better="higher", how=batched)
    first = BATCHES * BATCH
    alone = latencies_ms(
        lambda number: client.events([view(first + number)]), warm_up=WARM_UP, rounds=ROUNDS, label=f"events, {place}"
    )
    single = f"one event a call, {ROUNDS * 100} calls; {how}"
    yield Result(
        name=f"events.http.{place}.one.p50_ms", value=float(np.median(alone)), unit="ms", better="lower", how=single
    )


def _settings(place: str, stack: ExitStack, cache: Path) -> tuple[dict[str, str], str]:
    """Settings of the service, and what they mean."""
    if place == "folder":
        cache.mkdir(parents=True, exist_ok=True)
        return {"WINNOW_STATE": stack.enter_context(TemporaryDirectory(dir=cache))}, "embedded state, on disk"
    server = stack.enter_context(state_server(cache, appendonly="yes", appendfsync="everysec"))
    return {"WINNOW_VALKEY_URL": server.url}, "state on a server on the same cores, appendfsync everysec"


def _views(workload: Workload, items: tuple[str, ...]) -> Callable[[int], VisitorEvent]:
    def view(number: int) -> VisitorEvent:
        item_id = items[number * 7 % len(items)]
        return VisitorEvent(user_id=workload.user(number), item_id=item_id, type=EventType.VIEW)

    return view
