"""The bits that Lua sets on a server are those that NumPy looks up, one for one."""

import time

import numpy as np
import pytest

from tests.valkey_server import PATIENT_S, valkey_server
from winnow.schema.schema import EventType
from winnow.stores import valkey_append
from winnow.stores.counted_types import counted_types
from winnow.stores.event import Event
from winnow.stores.seen_days import places
from winnow.stores.seen_layout import SeenConfig, seen_day, seen_levels
from winnow.stores.state_config import StateConfig
from winnow.stores.valkey_client import ValkeyClient
from winnow.stores.valkey_keys import UserKeys
from winnow.stores.valkey_state import ValkeyState

NUM_HASHES = 10_000
EDGES = [0, 1, 2**32 - 1, 2**32, 2**32 + 1, 2**63 - 1, 2**63, 2**64 - 2**32, 2**64 - 1]


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    with valkey_server(tmp_path_factory.mktemp("valkey")) as server:
        client = ValkeyClient(server.url, connect_timeout_s=PATIENT_S, read_timeout_s=PATIENT_S)
        yield client
        client.close()


@pytest.fixture
def hashes_as_names(monkeypatch):
    """Items are named by the hash that they are to have."""
    monkeypatch.setattr(
        valkey_append, "stable_hashes", lambda names: np.array([int(each) for each in names], np.uint64)
    )


def slow_bitmap(config, item_hashes):
    """Bytes after items were seen one after the other, as `seen_levels` has it."""
    levels = seen_levels(config)
    bits = [np.zeros(level.bits, bool) for level in levels]
    own = [places(level, item_hashes).T for level in levels]
    is_full = [False] * len(levels)
    for item in range(len(item_hashes)):
        if any(bits[level][own[level][item]].all() for level in range(len(levels))):
            continue
        level = is_full.index(False)
        bits[level][own[level][item]] = True
        is_full[level] = level < len(levels) - 1 and 2 * bits[level].sum() >= len(bits[level])
    return np.packbits(np.concatenate(bits)).tobytes().rstrip(b"\0")


# A filter for 20 items a day opens all of its levels, and the last one runs over.
@pytest.mark.parametrize("config", [SeenConfig(), SeenConfig(items_a_day=20), SeenConfig(days=64, error_rate=1e-6)])
def test_bitmaps_are_equal_byte_for_byte(client, hashes_as_names, config):
    drawn = np.random.default_rng(0).integers(0, 2**64, NUM_HASHES, np.uint64)
    item_hashes = np.concatenate([np.array(EDGES, np.uint64), drawn, drawn[:100]])
    client.send([("FLUSHDB",)])
    now = time.time()
    store = ValkeyState(
        client, StateConfig(length=10, seen=config, counted=counted_types(EventType)), clock=lambda: now
    )
    events = [
        Event(event_id=str(place), user_id="ann", item_id=str(item), type="view", at=now)
        for place, item in enumerate(item_hashes.tolist())
    ]
    for start in range(0, len(events), 1_000):
        store.append(events[start : start + 1_000])
    (bitmap,) = client.send([("GET", UserKeys.of("ann").seen([seen_day(now)])[0])])
    assert bitmap.rstrip(b"\0") == slow_bitmap(config, item_hashes)
