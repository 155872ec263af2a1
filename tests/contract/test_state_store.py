"""What every state store promises, held against a plain list."""

import math
from collections.abc import Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import count, pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.contract.state_stores import DAY_S, TODAY, Fresh
from winnow.schema.schema import EventType
from winnow.schema.stable_hash import stable_hashes
from winnow.stores.counted_types import counted_types
from winnow.stores.event import CODE_OF_TYPE, Event
from winnow.stores.seen_days import seen_among
from winnow.stores.seen_layout import SeenConfig, seen_day, seen_levels
from winnow.stores.state_config import StateConfig
from winnow.stores.state_store import StateStore

ROOM = 30
SEEN = SeenConfig()
COUNTED = frozenset({EventType.VIEW, EventType.PURCHASE})


def filled(fresh: Fresh, events: Sequence[Event], room: int = ROOM, seen: SeenConfig = SEEN) -> StateStore:
    store = fresh(StateConfig(length=room, seen=seen, counted=counted_types(COUNTED)))
    if events:
        assert store.append(events) == len(events)
    return store


def event(name: str, user_id: str = "ann", item_id: str = "pen", at: float = 0.0, type: str = "view") -> Event:
    """One that happens some seconds after the day began."""
    return Event(event_id=name, user_id=user_id, item_id=item_id, type=type, at=TODAY + at)


def named(rows: Sequence[tuple[str, str, str, float]]) -> list[Event]:
    return [event(f"e{place}", *row[:2], type=row[2], at=row[3]) for place, row in enumerate(rows)]


# Few users, items and instants: ties and repeats are the rule.
USERS = ["ann", "bob", "ünal\0"]
ITEMS = ["pen", "cup", "lamp"]
drawn_users, drawn_items = st.sampled_from(USERS), st.sampled_from(ITEMS)
drawn_types = st.sampled_from(list(EventType))
instants, days_ago = st.integers(0, 5).map(float), st.integers(-9, 2).map(lambda day: day * DAY_S + 60.0)
drawn_events = st.lists(st.tuples(drawn_users, drawn_items, drawn_types, instants), max_size=25).map(named)
drawn_week = st.lists(st.tuples(drawn_users, drawn_items, drawn_types, days_ago), max_size=25).map(named)
drawn_askers = st.sampled_from([*USERS, "nobody yet", ""])
drawn_reads = st.lists(st.tuples(drawn_askers, st.integers(-1, 7).map(float)), max_size=6)
drawn_days = st.lists(st.tuples(drawn_askers, days_ago.map(lambda at: at + 30.0)), max_size=6)

Row = tuple[int, int, float]


def rows_of(store: StateStore, reads: Sequence[tuple[str, float]]) -> list[list[Row]]:
    """Hash, type and seconds after the day began of the events that are known of each user."""
    events = store.read([user for user, _ in reads], TODAY + np.array([at for _, at in reads], np.float64)).events
    columns = (events.item_hashes, events.types, events.at)
    assert [column.values.dtype for column in columns] == [np.uint64, np.int8, np.float64]
    assert all(column.offsets.tolist() == events.at.offsets.tolist() for column in columns)
    assert len(events.at) == len(reads)
    return [
        [(item, code, at - TODAY) for item, code, at in zip(*(each.row(row).tolist() for each in columns), strict=True)]
        for row in range(len(reads))
    ]


def slow_rows(events: Sequence[Event], user_id: str, before: float, room: int) -> list[Row]:
    """The last of each type whatever the instant, and of these those before it."""
    own = sorted((each for each in events if each.user_id == user_id), key=lambda each: each.at)
    kept = {each.event_id for type in EventType for each in [one for one in own if one.type == type][-room:]}
    rows = [(int(stable_hashes([each.item_id])[0]), CODE_OF_TYPE[each.type], each.at - TODAY, each) for each in own]
    return [row[:3] for row in rows if row[3].event_id in kept and row[2] < before]


def times(store: StateStore, user_id: str = "ann", before: float = math.inf) -> list[float]:
    return [at for _, _, at in rows_of(store, [(user_id, before)])[0]]


def seen_of(
    store: StateStore, item_ids: Sequence[str], user_id: str = "ann", before: float = 60.0, config: SeenConfig = SEEN
) -> list[bool]:
    days = store.read([user_id], np.array([TODAY + before])).seen
    offsets = np.array([0, len(item_ids)])
    return seen_among(days, seen_levels(config), stable_hashes(item_ids), offsets).tolist()


@given(events=drawn_events, reads=drawn_reads)
def test_events_before_an_instant_come_by_time_then_by_arrival(fresh, events, reads):
    assert rows_of(filled(fresh, events), reads) == [slow_rows(events, user, at, ROOM) for user, at in reads]


@given(events=drawn_events, reads=drawn_reads, room=st.integers(1, 3))
def test_each_type_keeps_its_latest_events_whatever_the_order_of_arrival(fresh, events, reads, room):
    assert rows_of(filled(fresh, events, room), reads) == [slow_rows(events, user, at, room) for user, at in reads]


@given(events=drawn_events, cuts=st.lists(st.integers(0, 25), max_size=3))
def test_how_events_are_bundled_into_calls_makes_no_difference(fresh, events, cuts):
    store = filled(fresh, [])
    bounds = [0, *sorted(cuts), len(events)]
    assert sum(store.append(events[start:end]) for start, end in pairwise(bounds)) == len(events)
    reads = [(user, math.inf) for user in USERS]
    assert rows_of(store, reads) == [slow_rows(events, user, at, ROOM) for user, at in reads]


def test_many_impressions_do_not_crowd_out_a_few_views(fresh):
    shown = [event(f"i{n}", at=n + 0.5, type="impression") for n in range(10)]
    store = filled(fresh, [event("v0", at=0.0), *shown, event("v1", at=1.0)], room=3)
    assert times(store) == [0.0, 1.0, 7.5, 8.5, 9.5]


def test_an_event_at_the_very_instant_is_not_before_it(fresh):
    store = filled(fresh, [event("e1", at=10.0)])
    assert times(store, before=10.0) == []
    assert len(store.read(["ann"], np.nextafter([TODAY + 10.0], np.inf)).events.at.values) == 1


def test_an_instant_is_kept_to_the_last_bit(fresh):
    at = TODAY + 1 / 3
    store = filled(fresh, [event("e1", at=1 / 3)])
    assert store.read(["ann"], np.array([np.inf])).events.at.values.tolist() == [at]


def test_unknown_and_anonymous_users_have_done_nothing(fresh):
    states = filled(fresh, [event("e1")]).read(["zoe", "", "ann"], np.full(3, np.inf))
    assert states.events.at.lengths.tolist() == [0, 0, 1]
    assert states.seen.bits.lengths.tolist()[:2] == [0, 0]
    assert states.forgotten.tolist() == [False, False, False]


@pytest.mark.parametrize("users", [[], [""], ["ann", "", "ann"]])
def test_a_store_without_events_answers_for_everybody(fresh, users):
    states = filled(fresh, []).read(users, np.full(len(users), np.inf))
    assert len(states.events.at) == len(states.seen) == len(states.forgotten) == len(users)
    assert not len(states.events.at.values)
    assert states.forgotten.dtype == np.bool_


def test_no_events_are_nothing_new(fresh):
    assert filled(fresh, []).append([]) == 0


def test_what_is_appended_is_there_at_the_very_next_read_even_when_it_comes_late(fresh):
    store = filled(fresh, [event("e1", at=1.0), event("e3", at=3.0)])
    assert store.append([event("e4", item_id="cup", at=4.0), event("e2", item_id="lamp", at=2.0)]) == 2
    assert times(store) == [1.0, 2.0, 3.0, 4.0]


def test_the_same_event_id_counts_once(fresh):
    store = filled(fresh, [])
    assert store.append([event("e1"), event("e1", item_id="cup"), event("e2", user_id="bob")]) == 2
    assert store.append([event("e1", at=5.0), event("e3")]) == 1
    assert times(store) == [0.0, 0.0]
    assert seen_of(store, ["pen", "cup"]) == [True, False]


def test_the_copy_of_an_event_that_lost_its_room_is_still_a_copy(fresh):
    events = [event(f"e{n}", at=float(n)) for n in range(5)]
    store = filled(fresh, events, room=2)
    assert store.append(events) == 0
    assert times(store) == [3.0, 4.0]


def test_forgetting_deletes_all_of_one_user_and_says_how_many_events_there_were(fresh):
    store = filled(fresh, [event(f"e{n}", at=float(n)) for n in range(2 * ROOM)] + [event("b", user_id="bob")])
    assert store.forget("ann") == 2 * ROOM
    assert times(store) == []
    assert seen_of(store, ["pen"]) == [False]
    assert times(store, "bob") == [0.0]
    assert seen_of(store, ["pen"], "bob") == [True]
    assert store.forget("ann") == store.forget("nobody yet") == store.forget("") == 0
    states = store.read(["ann", "bob", "nobody yet", ""], np.full(4, np.inf))
    assert states.forgotten.tolist() == [True, False, True, False]


def test_who_was_forgotten_may_begin_anew_but_old_events_do_not_return(fresh):
    store = filled(fresh, [event("e0"), event("e1")])
    store.forget("ann")
    assert store.append([event("e1"), event("e2", item_id="cup", at=7.0)]) == 1
    assert times(store) == [7.0]
    assert seen_of(store, ["pen", "cup"]) == [False, True]
    assert store.read(["ann"], np.array([np.inf])).forgotten.tolist() == [True]
    assert store.forget("ann") == 1


def test_threads_lose_nothing_and_count_nothing_twice(fresh):
    store = filled(fresh, [])
    names = count()

    def write(thread: int) -> int:
        own = [event(f"{next(names)}", user_id=f"user {thread}", at=float(n)) for n in range(20)]
        shared = [event(f"shared {n}", at=float(n)) for n in range(20)]
        new = 0
        for mine, ours in zip(own, shared, strict=True):
            new += store.append([mine, ours])
            assert times(store, mine.user_id)[-1] == mine.at - TODAY
        return new

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(write, range(8))) == 8 * 20 + 20
    assert times(store) == [float(n) for n in range(20)]
    assert all(len(times(store, f"user {thread}")) == 20 for thread in range(8))


def slow_seen(events: Sequence[Event], user_id: str, before: float, to: float) -> Collection[str]:
    """Items of the last days as of an instant, of those that the store still remembers; seen before another one."""
    last, present = seen_day(before), seen_day(TODAY)
    days = set(range(last - SEEN.days + 1, last + 1)) & set(range(present - SEEN.days + 1, present + SEEN.days))
    own = (each for each in events if each.user_id == user_id and each.type in COUNTED and each.at < to)
    return {each.item_id for each in own if seen_day(each.at) in days}


@given(events=drawn_week, reads=drawn_days)
def test_what_was_seen_on_the_last_days_is_called_seen(fresh, events, reads):
    # Room for one event: what was seen must not depend on what is still known one by one.
    store = filled(fresh, events, room=1)
    for user, at in reads:
        called = {item for item, seen in zip(ITEMS, seen_of(store, ITEMS, user, at), strict=True) if seen}
        end = TODAY + DAY_S * (at // DAY_S + 1)
        assert slow_seen(events, user, TODAY + at, TODAY + at) <= called <= slow_seen(events, user, TODAY + at, end)


def test_the_days_of_many_users_come_in_the_order_of_the_question(fresh):
    store = filled(fresh, [event(f"e{user}", user_id=user, item_id=f"item of {user}") for user in USERS])
    asked = ["", *USERS, "zoe", *USERS[::-1]]
    days = store.read(asked, np.full(len(asked), TODAY + 60.0)).seen
    items = stable_hashes(f"item of {user}" for user in asked)
    own = seen_among(days, seen_levels(SEEN), items, np.arange(len(asked) + 1))
    assert own.tolist() == [user in USERS for user in asked]


@pytest.mark.parametrize("a_day", [200 // SEEN.days, 200, 1_500])
def test_few_of_many_unseen_items_are_called_seen_however_many_were_seen(fresh, a_day):
    items = [[f"seen {day} {n}" for n in range(a_day)] for day in range(SEEN.days)]
    store = filled(fresh, [])
    for day, names in enumerate(items):
        store.append([event(f"e {each}", item_id=each, at=-day * DAY_S) for each in names])
    assert all(seen_of(store, [each for names in items for each in names]))
    assert np.mean(seen_of(store, [f"unseen {n}" for n in range(5_000)])) <= SEEN.error_rate


@pytest.mark.parametrize("days", [1, 3, 7])
def test_an_item_is_seen_for_some_days_and_then_no_longer(fresh, days):
    config = replace(SEEN, days=days)
    store = filled(fresh, [event("e1")], seen=config)
    called = [seen_of(store, ["pen"], before=day * DAY_S + 60.0, config=config) for day in range(-1, days + 2)]
    assert called == [[0 <= day < days] for day in range(-1, days + 2)]
