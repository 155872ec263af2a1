"""What it costs a service to look what is in demand; it is done beside the requests, every few seconds."""

import time
from collections.abc import Callable, Iterator
from time import perf_counter

import numpy as np

from benchmarks.inputs import Inputs
from benchmarks.measure import frozen_garbage
from benchmarks.refused import RefusedError
from benchmarks.result import Result
from benchmarks.state_users import PATIENT_S, state_server
from winnow.engine.engine import Engine
from winnow.engine.open_engine import open_engine
from winnow.serving.engines.live_engine import LiveEngine
from winnow.stores.log_entry import LogEntry
from winnow.stores.state_config import HALF_LIFE_S
from winnow.stores.valkey_client import ValkeyClient
from winnow.stores.valkey_demand import ValkeyDemand
from winnow.stores.valkey_state import ValkeyState

GROUP = "demand"
QUALITY = False
ROUNDS = 50
NEWS = "something new"


def rows(inputs: Inputs) -> Iterator[Result]:
    """The median of a look that finds something new, whereupon the sources are made anew, and of one that does not."""
    with state_server(inputs.cache) as server:
        client = ValkeyClient(server.url, connect_timeout_s=PATIENT_S, read_timeout_s=PATIENT_S)
        engine = open_engine(inputs.bundle, lambda config: ValkeyState(client, config))
        for name, taken in looks_ms(engine, client).items():
            how = (
                f"one look at a server on loopback where all {len(engine.catalogue):,} items of the retail bundle are "
                f"in demand, which finds {name}; {ROUNDS} looks, one thread"
            )
            yield Result(
                name=f"demand.look.{name.replace(' ', '_')}.p50_ms", value=taken, unit="ms", better="lower", how=how
            )
        client.close()


def looks_ms(engine: Engine, client: ValkeyClient) -> dict[str, float]:
    """Median milliseconds by what is found."""
    live, told = LiveEngine(engine), counting(engine, client)
    for item_id in engine.catalogue.item_ids:
        told(item_id)
    live.follow_demand(time.time())
    taken: dict[str, list[float]] = {NEWS: [], "nothing new": []}
    with frozen_garbage():
        for number in range(ROUNDS):
            told(engine.catalogue.item_ids[number])
            for found, own in taken.items():
                started = perf_counter()
                changed = live.follow_demand(time.time())
                own.append((perf_counter() - started) * 1e3)
                if changed != (found == NEWS):
                    raise RefusedError(f"A look that was to find {found} found something else.")
    return {found: float(np.median(own)) for found, own in taken.items()}


def counting(engine: Engine, client: ValkeyClient) -> Callable[[str], None]:
    """Counts one positive event of an item, as the worker does."""
    counts = None if engine.stock is None else engine.stock.counts
    demand = ValkeyDemand(client=client, half_life_s=HALF_LIFE_S if counts is None else counts.half_life_s)
    positive = engine.schema.events.positives[0]
    places = iter(range(1, 10**9))

    def told(item_id: str) -> None:
        now = time.time()
        event = {"event_id": item_id, "user_id": "ann", "item_id": item_id, "type": positive, "at": repr(now)}
        demand.count([LogEntry(stream="s00", place=(next(places), 0), arrived_at=now, told=event)])

    return told
