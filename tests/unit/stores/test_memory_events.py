import numpy as np

from winnow.schema.stable_hash import stable_hashes
from winnow.stores import memory_events
from winnow.stores.event_store import Event
from winnow.stores.histories import counted_types
from winnow.stores.memory_events import MemoryEvents

HOUR_S = 3600.0


class Clock:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


def view(name, item_id="pen", at=0.0):
    return Event(event_id=name, user_id="ann", item_id=item_id, type="view", at=at)


def times(store):
    return store.recent(["ann"], 100, np.array([np.inf])).at.values.tolist()


def test_only_the_last_events_by_time_are_kept_whatever_the_order_of_arrival():
    store = MemoryEvents(3)
    store.append([view(f"e{at}", at=float(at)) for at in (5, 1, 4, 2, 3)])
    assert times(store) == [3.0, 4.0, 5.0]


def test_items_that_fell_out_of_the_last_events_are_still_known():
    store = MemoryEvents(1)
    store.append([view(f"e{n}", item_id=f"item {n}", at=float(n)) for n in range(50)])
    known = store.items_of("ann", counted_types(["view"]), 40.0)
    assert set(known.tolist()) == set(stable_hashes(f"item {n}" for n in range(40)).tolist())


def test_an_event_id_is_remembered_for_two_days_after_its_arrival():
    clock = Clock()
    store = MemoryEvents(9, clock)
    assert store.append([view("e1")]) == 1
    clock.now = 47.9 * HOUR_S
    assert store.append([view("e1"), view("e2")]) == 1
    clock.now = 48 * HOUR_S
    assert store.append([view("e1"), view("e2")]) == 1


def test_the_memory_for_event_ids_is_bounded(monkeypatch):
    monkeypatch.setattr(memory_events, "REMEMBER_IDS", 10)
    store = MemoryEvents(9)
    for n in range(100):
        store.append([view(f"e{n}")])
    assert len(store._arrived) <= 11
    assert store.append([view("e99"), view("e0")]) == 1
