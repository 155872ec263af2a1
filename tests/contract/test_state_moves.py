"""What every state store promises of `merge` and `reset`."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.contract.state_stores import DAY_S, TODAY, Fresh
from winnow.schema.stable_hash import stable_hashes
from winnow.stores.counted_types import counted_types
from winnow.stores.event import Event
from winnow.stores.seen_days import seen_among
from winnow.stores.seen_layout import seen_levels
from winnow.stores.state_config import StateConfig
from winnow.stores.state_store import StateStore

ROOM = 3
CONFIG = StateConfig(length=ROOM, counted=counted_types(["click", "dismiss"]))
COUNTED = counted_types(["view", "click"])


@pytest.fixture
def store(fresh: Fresh) -> StateStore:
    return fresh(CONFIG)


def event(name: str, item_id: str, at: float, *, who: str = "ann", type: str = "click") -> Event:
    """One that happens some seconds after the present day began."""
    return Event(event_id=name, user_id=who, item_id=item_id, type=type, at=TODAY + at)


def known(store: StateStore, who: str) -> list[tuple[int, int, float]]:
    """Item hash, type and time of the visitor's events."""
    events = store.read([who], np.array([np.inf])).events
    return list(
        zip(events.item_hashes.values.tolist(), events.types.values.tolist(), events.at.values.tolist(), strict=True)
    )


def items(store: StateStore, who: str) -> list[int]:
    return [each for each, _, _ in known(store, who)]


def hashes(*item_ids: str) -> list[int]:
    return stable_hashes(item_ids).tolist()


def seen(store: StateStore, who: str, *item_ids: str) -> list[bool]:
    days = store.read([who], np.array([np.inf])).seen
    offsets = np.array([0, len(item_ids)])
    return seen_among(days, seen_levels(CONFIG.seen), stable_hashes(item_ids), offsets).tolist()


def test_all_that_one_did_is_the_others_by_time_and_the_first_is_empty(store):
    store.append([event("e1", "pen", 1.0, who="session:s"), event("e2", "cup", 3.0, who="session:s", type="view")])
    store.append([event("e3", "lamp", 2.0)])
    assert store.merge("session:s", "ann") == 2
    assert items(store, "ann") == hashes("pen", "lamp", "cup")
    assert seen(store, "ann", "pen", "lamp", "cup") == [True, True, False]
    assert known(store, "session:s") == []
    assert seen(store, "session:s", "pen") == [False]


def test_at_equal_times_the_events_of_the_target_come_first(store):
    store.append([event("e1", "pen", 1.0, who="session:s"), event("e2", "lamp", 1.0), event("e3", "desk", 1.0)])
    store.merge("session:s", "ann")
    assert items(store, "ann") == hashes("lamp", "desk", "pen")


def test_a_merge_that_comes_again_moves_nothing_more(store):
    store.append([event("e1", "pen", 1.0, who="session:s")])
    assert [store.merge("session:s", "ann") for _ in range(3)] == [1, 0, 0]
    assert items(store, "ann") == hashes("pen")


def test_what_the_session_does_after_a_merge_waits_for_the_next_one(store):
    store.append([event("e1", "pen", 1.0, who="session:s")])
    store.merge("session:s", "ann")
    assert store.append([event("e2", "cup", 2.0, who="session:s"), event("e1", "pen", 1.0, who="session:s")]) == 1
    assert items(store, "session:s") == hashes("cup")
    assert store.merge("session:s", "ann") == 1
    assert items(store, "ann") == hashes("pen", "cup")


@pytest.mark.parametrize("who", ["ann", "session:s"])
def test_where_there_is_nothing_or_both_are_one_nothing_happens(store, who):
    store.append([event("e1", "pen", 1.0)])
    assert store.merge("session:s" if who == "ann" else "nobody", who) == 0
    assert store.merge("ann", "ann") == 0
    assert items(store, "ann") == hashes("pen")
    assert known(store, "session:s") == []


def test_nobody_moves_to_nobody(store):
    store.append([event("e1", "pen", 1.0)])
    assert store.merge("ann", "") == store.merge("", "ann") == store.merge("", "") == store.reset("") == 0
    assert items(store, "ann") == hashes("pen")
    assert store.read(["ann", ""], np.full(2, np.inf)).forgotten.tolist() == [False, False]


def test_a_target_that_was_forgotten_begins_anew(store):
    store.append([event("e1", "pen", 1.0), event("e2", "cup", 2.0, who="session:s")])
    store.forget("ann")
    assert store.merge("session:s", "ann") == 1
    state = store.read(["ann"], np.array([np.inf]))
    assert state.forgotten.tolist() == [True]
    assert items(store, "ann") == hashes("cup")
    assert store.forget("ann") == 1


def test_days_that_both_know_are_one_and_days_that_are_too_old_are_gone(store):
    store.append([event(f"a{day}", f"old {day}", day * DAY_S) for day in (-9, -5, -1)])
    store.append([event(f"s{day}", f"new {day}", day * DAY_S, who="session:s") for day in (-8, -1, 0)])
    store.merge("session:s", "ann")
    assert seen(store, "ann", "old -5", "old -1", "new -1", "new 0") == [True] * 4
    assert seen(store, "ann", "old -9", "new -8") == [False] * 2
    assert len(store.read(["ann"], np.array([np.inf])).seen.sizes.values) == 3


@pytest.mark.parametrize(("mine", "other"), [(3, 500), (500, 3), (400, 400)])
def test_bitmaps_of_any_size_forget_nothing_when_they_become_one(store, mine, other):
    store.append([event(f"a{n}", f"own {n}", 1.0) for n in range(mine)])
    store.append([event(f"s{n}", f"new {n}", 1.0, who="session:s") for n in range(other)])
    assert store.merge("session:s", "ann") == other
    store.append([event(f"l{n}", f"later {n}", 2.0) for n in range(50)])
    for kind, size in (("own", mine), ("new", other), ("later", 50)):
        assert all(seen(store, "ann", *(f"{kind} {n}" for n in range(size))))


@given(
    drawn=st.lists(
        st.tuples(st.sampled_from(["ann", "session:s"]), st.sampled_from(["view", "click"]), st.integers(0, 9)),
        max_size=24,
    )
)
def test_after_a_merge_the_last_of_each_type_are_those_of_one_who_did_it_all(fresh, drawn):
    # At equal times the target's come first, and so they are told first to the one who did it all.
    drawn = sorted(drawn, key=lambda each: each[0])
    events = [
        event(f"e{place}", f"item {place}", float(at), who=who, type=type)
        for place, (who, type, at) in enumerate(drawn)
    ]
    names = [f"item {place}" for place in range(len(drawn))]
    # One after the other: there is one server, and to open a store empties it.
    alone = fresh(CONFIG)
    for each in events:
        alone.append([replace(each, user_id="ann")])
    wanted = known(alone, "ann"), seen(alone, "ann", *names), alone.forget("ann")
    apart = fresh(CONFIG)
    for each in events:
        apart.append([each])
    assert apart.merge("session:s", "ann") == sum(who == "session:s" for who, _, _ in drawn)
    assert (known(apart, "ann"), seen(apart, "ann", *names), apart.forget("ann")) == wanted
    assert wanted[2] == len(drawn)


def test_demand_does_not_change_when_events_move_or_go(store):
    store.append([event("e1", "pen", 1.0, who="session:s"), event("e2", "cup", 1.0)])
    before = sorted(zip(*(each.tolist() for each in store.demand(COUNTED, TODAY + 1.0)), strict=True))
    store.merge("session:s", "ann")
    store.reset("ann")
    assert sorted(zip(*(each.tolist() for each in store.demand(COUNTED, TODAY + 1.0)), strict=True)) == before


def test_a_reset_empties_marks_nothing_and_may_come_again(store):
    store.append([event("e1", "pen", 1.0), event("e2", "cup", 2.0), event("e3", "cup", 2.0, who="bob")])
    assert [store.reset("ann") for _ in range(2)] == [2, 0]
    assert known(store, "ann") == []
    assert seen(store, "ann", "pen", "cup") == [False, False]
    assert store.read(["ann"], np.array([np.inf])).forgotten.tolist() == [False]
    assert items(store, "bob") == hashes("cup")


def test_a_late_copy_does_not_bring_back_what_was_emptied(store):
    store.append([event("e1", "pen", 1.0)])
    store.reset("ann")
    assert store.append([event("e1", "pen", 1.0), event("e2", "cup", 2.0)]) == 1
    assert items(store, "ann") == hashes("cup")


def test_who_was_forgotten_stays_so_after_a_reset(store):
    store.forget("ann")
    store.append([event("e1", "pen", 1.0)])
    assert store.reset("ann") == 1
    assert store.read(["ann"], np.array([np.inf])).forgotten.tolist() == [True]


def test_a_closed_past_marks_the_user_and_touches_nothing_else(store):
    store.append([event("e1", "pen", 1.0), event("e2", "cup", 2.0, who="bob")])
    store.close_past("ann")
    assert store.read(["ann", "bob"], np.array([np.inf, np.inf])).forgotten.tolist() == [True, False]
    assert items(store, "ann") == hashes("pen")
    store.append([event("e3", "mug", 3.0)])
    assert items(store, "ann") == hashes("pen", "mug")
