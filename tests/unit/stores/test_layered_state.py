import numpy as np

from winnow.schema.stable_hash import stable_hashes
from winnow.stores.counted_types import counted_types
from winnow.stores.event import Event
from winnow.stores.event_log import EventLog
from winnow.stores.layered_state import LayeredState
from winnow.stores.memory_state import MemoryState
from winnow.stores.state_config import StateConfig


def memory():
    return MemoryState(StateConfig(length=9, counted=counted_types(["view"])))


def past(*item_ids):
    types = np.ones(len(item_ids), np.int8)
    return EventLog.of(["ann"] * len(item_ids), stable_hashes(item_ids), types, np.full(len(item_ids), 5.0))


def view(name, item_id, at):
    return Event(event_id=name, user_id="ann", item_id=item_id, type="view", at=at)


def items(store):
    return store.read(["ann"], np.array([np.inf])).events.item_hashes.values.tolist()


def test_at_equal_times_the_past_comes_before_the_present():
    store = LayeredState(base=past("pen", "cup"), live=memory())
    store.append([view("e1", "lamp", 5.0), view("e2", "desk", 4.0)])
    assert items(store) == stable_hashes(["desk", "pen", "cup", "lamp"]).tolist()


def test_what_the_next_training_has_read_and_the_live_store_still_holds_comes_once():
    live = memory()
    live.append([view("e1", "pen", 5.0), view("e2", "cup", 6.0), view("e3", "lamp", 5.0)])
    assert items(LayeredState(base=past("pen", "lamp"), live=live)) == stable_hashes(["pen", "lamp", "cup"]).tolist()


def test_a_forgotten_user_stays_forgotten_when_the_next_bundle_is_opened():
    live = memory()
    assert LayeredState(base=past("pen"), live=live).forget("ann") == 1
    swapped = LayeredState(base=past("pen", "cup"), live=live)
    assert items(swapped) == []
    assert swapped.forget("ann") == 0
