import numpy as np

from winnow.schema.stable_hash import stable_hashes
from winnow.stores.event_log import EventLog
from winnow.stores.event_store import Event
from winnow.stores.histories import counted_types
from winnow.stores.layered_events import LayeredEvents
from winnow.stores.memory_events import MemoryEvents

VIEW = counted_types(["view"])


def past(*item_ids):
    types = np.ones(len(item_ids), np.int8)
    return EventLog.of(["ann"] * len(item_ids), stable_hashes(item_ids), types, np.full(len(item_ids), 5.0))


def view(name, item_id, at):
    return Event(event_id=name, user_id="ann", item_id=item_id, type="view", at=at)


def items(store, n=10):
    return store.recent(["ann"], n, np.array([np.inf]), VIEW).item_hashes.values.tolist()


def test_at_equal_times_the_past_comes_before_the_present():
    store = LayeredEvents(base=past("pen", "cup"), live=MemoryEvents(9))
    store.append([view("e1", "lamp", 5.0), view("e2", "desk", 4.0)])
    assert items(store) == stable_hashes(["desk", "pen", "cup", "lamp"]).tolist()
    assert items(store, 2) == stable_hashes(["cup", "lamp"]).tolist()


def test_a_forgotten_user_stays_forgotten_when_the_next_bundle_is_opened():
    live = MemoryEvents(9)
    LayeredEvents(base=past("pen"), live=live).forget("ann")
    swapped = LayeredEvents(base=past("pen", "cup"), live=live)
    assert items(swapped) == []
    assert len(swapped.items_of("ann", VIEW, np.inf)) == 0
