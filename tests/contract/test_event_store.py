"""What every event store promises, held against a plain list. A new store joins by one line."""

from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import Protocol

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.schema.column import Array, Bools
from winnow.schema.schema import EventType
from winnow.schema.stable_hash import stable_hashes
from winnow.stores.event_log import EventLog
from winnow.stores.event_store import CODE_OF_TYPE, Event, EventStore, RecentEvents
from winnow.stores.histories import counted_types
from winnow.stores.layered_events import LayeredEvents
from winnow.stores.memory_events import MemoryEvents

LENGTH = 30
ALL_TYPES = counted_types(EventType)


class Readable(Protocol):
    def recent(self, user_ids: Sequence[str], n: int, before: Array, counted: Bools) -> RecentEvents: ...


def log_of(events: Sequence[Event]) -> EventLog:
    return EventLog.of(
        [event.user_id for event in events],
        stable_hashes(event.item_id for event in events),
        np.array([CODE_OF_TYPE[event.type] for event in events], np.int8),
        np.array([event.at for event in events], np.float64),
    )


def memory_of(events: Sequence[Event]) -> MemoryEvents:
    store = MemoryEvents(LENGTH)
    store.append(events)
    return store


def layers_of(events: Sequence[Event]) -> LayeredEvents:
    half = len(events) // 2
    return LayeredEvents(base=log_of(events[:half]), live=memory_of(events[half:]))


WRITERS: dict[str, Callable[[Sequence[Event]], EventStore]] = {
    "memory": memory_of,
    "layers": layers_of,
    "layers, nothing below": lambda events: LayeredEvents(base=log_of([]), live=memory_of(events)),
}
READERS: dict[str, Callable[[Sequence[Event]], Readable]] = {
    **WRITERS,
    "log": log_of,
    "layers, nothing above": lambda events: LayeredEvents(base=log_of(events), live=memory_of([])),
}
each_writer = pytest.mark.parametrize("filled", WRITERS.values(), ids=WRITERS.keys())
each_reader = pytest.mark.parametrize("filled", READERS.values(), ids=READERS.keys())


def event(name: str, user_id: str = "ann", item_id: str = "pen", at: float = 0.0, type: str = "view") -> Event:
    return Event(event_id=name, user_id=user_id, item_id=item_id, type=type, at=at)


# Few users, items and instants: ties and repeats are the rule.
drawn_events = st.lists(
    st.tuples(
        st.sampled_from(["ann", "bob", "ünal\0"]),
        st.sampled_from(["pen", "cup", "lamp"]),
        st.sampled_from(list(EventType)),
        st.integers(0, 5).map(float),
    ),
    max_size=25,
).map(
    lambda rows: [
        event(f"e{place}", user_id, item_id, at, type) for place, (user_id, item_id, type, at) in enumerate(rows)
    ]
)
drawn_reads = st.lists(
    st.tuples(st.sampled_from(["ann", "bob", "ünal\0", "nobody yet", ""]), st.integers(-1, 7).map(float)), max_size=6
)

drawn_types = st.sets(st.sampled_from(list(EventType)))


def rows_of(recent: RecentEvents) -> list[list[tuple[int, int, float]]]:
    assert recent.item_hashes.values.dtype == np.uint64
    assert recent.types.values.dtype == np.int8
    assert recent.at.values.dtype == np.float64
    columns = (recent.item_hashes, recent.types, recent.at)
    assert all(column.offsets.tolist() == recent.at.offsets.tolist() for column in columns)
    return [list(zip(*(column.row(row).tolist() for column in columns), strict=True)) for row in range(len(recent.at))]


def slow_recent(
    events: Sequence[Event], user_id: str, n: int, before: float, types: Collection[str]
) -> list[tuple[int, int, float]]:
    wanted = [each for each in events if each.user_id == user_id and each.at < before and each.type in types]
    last = sorted(wanted, key=lambda each: each.at)[max(0, len(wanted) - n) :]
    return [(int(stable_hashes([each.item_id])[0]), CODE_OF_TYPE[each.type], each.at) for each in last]


def read_one(store: Readable, user_id: str = "ann", n: int = LENGTH, before: float = np.inf):
    return rows_of(store.recent([user_id], n, np.array([before]), ALL_TYPES))[0]


@each_reader
@given(events=drawn_events, reads=drawn_reads, n=st.integers(0, LENGTH), types=drawn_types)
def test_the_last_events_of_some_types_before_an_instant_come_by_time_then_by_arrival(filled, events, reads, n, types):
    before = np.array([at for _, at in reads], np.float64)
    recent = filled(events).recent([user for user, _ in reads], n, before, counted_types(types))
    assert rows_of(recent) == [slow_recent(events, user, n, at, types) for user, at in reads]


@each_reader
def test_events_of_other_types_take_no_place_among_the_last(filled):
    shown = [event(f"i{n}", at=float(n), type="impression") for n in range(1, 20)]
    store = filled([event("v1", at=0.5), *shown[:10], event("v2", at=15.5), *shown[10:]])
    recent = store.recent(["ann"], 2, np.array([np.inf]), counted_types(["view", "purchase"]))
    assert [at for _, _, at in rows_of(recent)[0]] == [0.5, 15.5]


@each_reader
def test_an_event_at_the_very_instant_is_not_before_it(filled):
    store = filled([event("e1", at=10.0)])
    assert len(read_one(store, before=10.0)) == 0
    assert len(read_one(store, before=np.nextafter(10.0, 11.0))) == 1


@each_reader
def test_unknown_and_anonymous_users_have_no_events(filled):
    store = filled([event("e1"), event("e2")])
    assert rows_of(store.recent(["zoe", "", "ann"], 5, np.full(3, np.inf), ALL_TYPES))[:2] == [[], []]
    assert rows_of(store.recent([], 5, np.empty(0), ALL_TYPES)) == []


@each_reader
def test_a_store_without_events_answers_for_everybody(filled):
    assert rows_of(filled([]).recent(["ann", ""], 5, np.full(2, np.inf), ALL_TYPES)) == [[], []]


@each_writer
def test_what_is_appended_is_there_at_the_very_next_read_even_when_it_comes_late(filled):
    store = filled([event("e1", at=1.0), event("e3", at=3.0)])
    assert store.append([event("e4", item_id="cup", at=4.0), event("e2", item_id="lamp", at=2.0)]) == 2
    assert [at for _, _, at in read_one(store)] == [1.0, 2.0, 3.0, 4.0]


@each_writer
def test_the_same_event_id_counts_once(filled):
    store = filled([])
    assert store.append([event("e1"), event("e1", item_id="cup")]) == 1
    assert store.append([event("e1", user_id="bob"), event("e2")]) == 1
    assert len(read_one(store)) == 2
    assert read_one(store, "bob") == []


@each_writer
def test_forgetting_deletes_every_event_of_one_user_and_says_how_many(filled):
    store = filled([event(f"e{n}", at=float(n)) for n in range(2 * LENGTH)] + [event("b", user_id="bob")])
    assert store.forget("ann") == 2 * LENGTH
    assert read_one(store) == []
    assert len(read_one(store, "bob")) == 1
    assert store.forget("ann") == store.forget("nobody yet") == 0


@each_writer
def test_who_was_forgotten_may_begin_anew_but_old_events_do_not_return(filled):
    store = filled([event("e0"), event("e1")])
    store.forget("ann")
    assert store.append([event("e1"), event("e2", at=7.0)]) == 1
    assert [at for _, _, at in read_one(store)] == [7.0]


@each_writer
def test_threads_lose_nothing_and_count_nothing_twice(filled):
    store = filled([])
    names = count()

    def write(thread: int) -> int:
        own = [event(f"{next(names)}", user_id=f"user {thread}", at=float(n)) for n in range(20)]
        shared = [event(f"shared {n}", at=float(n)) for n in range(20)]
        new = 0
        for mine, ours in zip(own, shared, strict=True):
            new += store.append([mine, ours])
            assert read_one(store, mine.user_id)[-1][2] == mine.at
        return new

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(write, range(8))) == 8 * 20 + 20
    assert [at for _, _, at in read_one(store)] == [float(n) for n in range(20)]
    assert all(len(read_one(store, f"user {thread}")) == 20 for thread in range(8))
