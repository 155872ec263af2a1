"""Every state store, empty: a new one joins by one line."""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from itertools import count
from pathlib import Path

import numpy as np

from tests.valkey_server import PATIENT_S, valkey_server
from winnow.stores.counted_types import counted_types
from winnow.stores.durable_state import DurableState
from winnow.stores.event_log import EventLog
from winnow.stores.layered_state import LayeredState
from winnow.stores.memory_state import MemoryState
from winnow.stores.seen_layout import seen_day
from winnow.stores.state_config import StateConfig
from winnow.stores.state_store import StateStore
from winnow.stores.valkey_client import ValkeyClient
from winnow.stores.valkey_state import ValkeyState

DAY_S = 86_400.0
TODAY = DAY_S * seen_day(time.time())
"""Stores drop what they believe to be old, so that cases happen around the present day."""


def noon() -> float:
    """The clock of all stores: tests may run past midnight."""
    return TODAY + 43_200.0


Fresh = Callable[[StateConfig], StateStore]
"""An empty store."""


@contextmanager
def valkey(folder: Path) -> Iterator[Fresh]:
    with valkey_server(folder) as server:
        client = ValkeyClient(server.url, connect_timeout_s=PATIENT_S, read_timeout_s=PATIENT_S)

        def fresh(config: StateConfig) -> StateStore:
            client.send([("FLUSHDB",)])
            return ValkeyState(client, config, clock=noon)

        yield fresh
        client.close()


@contextmanager
def memory(_: Path) -> Iterator[Fresh]:
    yield lambda config: MemoryState(config, noon)


@contextmanager
def durable(folder: Path) -> Iterator[Fresh]:
    number, opened = count(), []

    def fresh(config: StateConfig) -> StateStore:
        for each in opened:
            each.close()
        opened[:] = [DurableState.open(folder / str(next(number)), config, noon)]
        return opened[0]

    yield fresh
    fresh(StateConfig(length=1, counted=counted_types([])))
    opened[0].close()


@contextmanager
def layered(_: Path) -> Iterator[Fresh]:
    nothing = EventLog.of([], np.empty(0, np.uint64), np.empty(0, np.int8), np.empty(0))
    yield lambda config: LayeredState(base=nothing, live=MemoryState(config, noon))


CONTESTANTS: dict[str, Callable[[Path], AbstractContextManager[Fresh]]] = {
    "memory": memory,
    "durable": durable,
    "layered": layered,
    "valkey": valkey,
}
