import time

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from winnow.stores import memory_state
from winnow.stores.counted_types import counted_types
from winnow.stores.event import Event
from winnow.stores.memory_state import MemoryState
from winnow.stores.state_config import StateConfig

HOUR_S, DAY_S = 3600.0, 86_400.0


class Clock:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


def view(name, item_id="pen", at=0.0, type="view"):
    return Event(event_id=name, user_id="ann", item_id=item_id, type=type, at=at)


def memory(length=9, clock=time.time):
    return MemoryState(StateConfig(length=length, counted=counted_types([])), clock)


def times(store):
    return store.read(["ann"], np.array([np.inf])).events.at.values.tolist()


def test_only_the_last_events_by_time_are_kept_whatever_the_order_of_arrival():
    store = memory(3)
    store.append([view(f"e{at}", at=float(at)) for at in (5, 1, 4, 2, 3)])
    assert times(store) == [3.0, 4.0, 5.0]


def test_many_impressions_do_not_crowd_out_a_few_views():
    store = memory(3)
    store.append([view(f"v{at}", at=float(at)) for at in (0, 1, 50)])
    store.append([view(f"i{at}", at=at + 0.5, type="impression") for at in range(100)])
    assert times(store) == [0.0, 1.0, 50.0, 97.5, 98.5, 99.5]


@given(
    drawn=st.lists(st.tuples(st.sampled_from(["impression", "view", "purchase"]), st.integers(0, 9)), max_size=30),
    n=st.integers(0, 3),
    types=st.sets(st.sampled_from(["impression", "view", "purchase"])),
)
def test_a_full_store_knows_the_last_of_any_types_as_one_that_keeps_everything_does(drawn, n, types):
    small, large = memory(3), memory(100)
    for place, (type, at) in enumerate(drawn):
        for store in (small, large):
            store.append([view(f"e{place}", item_id=f"item {place}", at=float(at), type=type)])
    counted = counted_types(types)
    known = [store.read(["ann"], np.array([np.inf])).events for store in (small, large)]
    last = [each.item_hashes.values[counted[each.types.values]].tolist() for each in known]
    assert last[0][max(0, len(last[0]) - n) :] == last[1][max(0, len(last[1]) - n) :]


def test_an_event_id_is_remembered_for_two_days_after_its_arrival():
    clock = Clock()
    store = memory(9, clock)
    assert store.append([view("e1")]) == 1
    clock.now = 47.9 * HOUR_S
    assert store.append([view("e1"), view("e2")]) == 1
    clock.now = 48 * HOUR_S
    assert store.append([view("e1"), view("e2")]) == 1


def test_the_memory_for_event_ids_is_bounded(monkeypatch):
    monkeypatch.setattr(memory_state, "REMEMBER_IDS", 10)
    store = memory()
    for n in range(100):
        store.append([view(f"e{n}")])
    assert len(store._arrived) <= 11
    assert store.append([view("e99"), view("e0")]) == 1


def test_of_whom_nothing_came_for_thirty_days_is_nobody_again_and_leaves_the_memory():
    clock = Clock()
    store = memory(9, clock)
    store.append([view("e1")])
    clock.now = 30 * DAY_S
    assert times(store) == [0.0]
    clock.now = 31 * DAY_S
    assert (times(store), store.merge("ann", "bob"), store.reset("ann"), store.forget("ann")) == ([], 0, 0, 0)


def test_the_memory_for_users_does_not_grow_with_those_who_left():
    clock = Clock()
    store = memory(9, clock)
    for day in range(100):
        clock.now = day * DAY_S
        store.append([of_user(f"user {day} {n}", clock.now) for n in range(10)])
    assert len(store.frozen().users) <= 32 * 10
    store.append([of_user("user 99 0 again", clock.now)])
    assert not store._active.some_before(68, 1)


def test_who_comes_back_later_begins_anew():
    clock = Clock()
    store = memory(9, clock)
    store.append([view("e1")])
    clock.now = 31 * DAY_S
    store.append([view("e2", at=clock.now)])
    assert times(store) == [clock.now]
    assert store.forget("ann") == 1


@given(
    steps=st.lists(
        st.tuples(
            st.sampled_from(["append", "merge", "forget", "reset", "freeze"]),
            *[st.integers(0, 3)] * 2,
            st.integers(0, 20),
        ),
        max_size=40,
    )
)
def test_who_is_kept_is_who_was_active_lately(steps):
    clock, active = Clock(), dict[str, float]()
    store = memory(9, clock)
    for number, (step, one, other, days) in enumerate(steps):
        clock.now += days * DAY_S
        name, target = f"user {one}", f"user {other}"
        active = {each: at for each, at in active.items() if clock.now - at <= 30 * DAY_S}
        if step == "append":
            store.append([of_user(f"e{number}", clock.now, name)])
            active[name] = clock.now
        elif step == "merge" and store.merge(name, target):
            del active[name]
            active[target] = clock.now
        elif step in {"forget", "reset"}:
            assert bool(getattr(store, step)(name)) == (name in active)
            active.pop(name, None)
        else:
            store.frozen()
        found = store.read([f"user {n}" for n in range(4)], np.full(4, np.inf)).events.at
        assert [len(found.row(n)) > 0 for n in range(4)] == [f"user {n}" in active for n in range(4)]


def of_user(name, at, user=None):
    return Event(event_id=name, user_id=user or name, item_id="pen", type="view", at=at)
