"""Events for the log, and what stands in it."""

import time
from collections import Counter
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from benchmarks.valkey_server import ValkeyServer
from tests.valkey_server import PATIENT_S
from winnow.schema.errors import Unavailable
from winnow.schema.schema import EventType
from winnow.serving.event_log.event_folder import EventFolder
from winnow.serving.event_log.event_worker import EventWorker
from winnow.serving.event_log.logged_part import DAYS
from winnow.stores.event import Event
from winnow.stores.memory_state import MemoryState
from winnow.stores.state_config import StateConfig
from winnow.stores.valkey_client import ValkeyClient
from winnow.stores.valkey_demand import ValkeyDemand
from winnow.stores.valkey_keys import log_key, log_shards
from winnow.stores.valkey_log import ValkeyLog
from winnow.stores.valkey_state import ValkeyState

TYPES = tuple(EventType)
NOON = 1_795_694_400.0
"""2026-11-26 12:00 UTC."""
CONFIG = StateConfig(length=10, counted=np.ones(len(TYPES), bool))


def event(number: int, *, at: float | None = None, user: str = "") -> Event:
    """One of many, of few users and items, over three days."""
    return Event(
        event_id=f"e{number}",
        user_id=user or f"user {number % 17}",
        item_id=f"item {number % 5}",
        type=TYPES[number % len(TYPES)],
        at=NOON + 86_400 * (number % 3) + number if at is None else at,
        request_id=f"r{number}" if number % 2 else "",
    )


def client_of(server: ValkeyServer) -> ValkeyClient:
    return ValkeyClient(server.url, connect_timeout_s=PATIENT_S, read_timeout_s=PATIENT_S, back_off_s=0.01)


def state_of(client: ValkeyClient) -> ValkeyState:
    return ValkeyState(client, CONFIG, clock=lambda: NOON)


def rows_of(folder: Path) -> list[dict]:
    """All rows of events, with the day of their folder."""
    paths = sorted(folder.glob(f"{DAYS}/part-*.parquet"))
    return [
        {**row, "day": path.parent.name.removeprefix("day=")}
        for path in paths
        for row in pq.ParquetFile(path).read().to_pylist()
    ]


def ids_of(folder: Path) -> Counter[str]:
    return Counter(row["event_id"] for row in rows_of(folder))


def waiting_on(client: ValkeyClient) -> int:
    """Entries that are still in the streams."""
    return sum(client.send([("XLEN", log_key(shard)) for shard in log_shards()]))


def demand_of(state: object) -> dict[int, float]:
    """Weights by item hash."""
    hashes, weights = state.demand(np.ones(len(TYPES), bool), NOON + 3 * 86_400)
    total: dict[int, float] = {}
    for item_hash, weight in zip(hashes.tolist(), weights.tolist(), strict=True):
        total[item_hash] = total.get(item_hash, 0.0) + weight
    return total


def nobody():
    raise AssertionError("somebody else has the folder")


def write_once(client, folder):
    """What `winnow worker --once` does."""
    with EventFolder.opened(folder, nobody) as log:
        source = ValkeyLog(client=client, owner=log.name)
        return EventWorker(source=source, folder=log, count=ValkeyDemand(client=client).count).run_once()


def remembered(events):
    """What a store in memory says of the same events."""
    memory = MemoryState(CONFIG, clock=lambda: NOON)
    memory.append(events)
    return memory


def append_once_there(state, events):
    """Again until the server answers; an event that was taken counts once."""
    end = time.monotonic() + PATIENT_S
    while True:
        try:
            return state.append(events)
        except Unavailable:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)


def wait_for(condition):
    end = time.monotonic() + 2 * PATIENT_S
    while not condition():
        assert time.monotonic() < end, "it takes too long"
        time.sleep(0.05)
