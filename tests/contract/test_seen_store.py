"""What every seen store promises, held against Python sets. A new store joins by one line."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.schema.schema import EventType
from winnow.schema.stable_hash import stable_hashes
from winnow.stores.event_log import EventLog
from winnow.stores.event_store import CODE_OF_TYPE, Event
from winnow.stores.exact_seen import ExactSeen
from winnow.stores.histories import counted_types
from winnow.stores.layered_events import LayeredEvents
from winnow.stores.memory_events import MemoryEvents
from winnow.stores.seen_store import SeenStore

COUNTED = frozenset({EventType.VIEW, EventType.PURCHASE})


def log_of(events: Sequence[Event]) -> EventLog:
    return EventLog.of(
        [event.user_id for event in events],
        stable_hashes(event.item_id for event in events),
        np.array([CODE_OF_TYPE[event.type] for event in events], np.int8),
        np.array([event.at for event in events], np.float64),
    )


def memory_of(events: Sequence[Event]) -> MemoryEvents:
    # Room for one event: what was seen must not depend on what is recent.
    store = MemoryEvents(1)
    store.append(events)
    return store


def layers_of(events: Sequence[Event]) -> LayeredEvents:
    half = len(events) // 2
    return LayeredEvents(base=log_of(events[:half]), live=memory_of(events[half:]))


@dataclass(frozen=True)
class Contestant:
    """A store filled with events, and the share of unseen items that it may call seen."""

    filled: Callable[[Sequence[Event]], SeenStore]
    error_rate: float


def exact(histories_of: Callable[[Sequence[Event]], MemoryEvents | EventLog | LayeredEvents]) -> Contestant:
    counted = counted_types(COUNTED)
    return Contestant(lambda events: ExactSeen(histories=histories_of(events), counted=counted), error_rate=0.0)


CONTESTANTS = {
    "exact over memory": exact(memory_of),
    "exact over a log": exact(log_of),
    "exact over layers": exact(layers_of),
}
each_store = pytest.mark.parametrize("contestant", CONTESTANTS.values(), ids=CONTESTANTS.keys())

ITEMS = [f"item {n}" for n in range(8)]
drawn_events = st.lists(
    st.tuples(
        st.sampled_from(["ann", "bob"]),
        st.sampled_from(ITEMS),
        st.sampled_from(list(EventType)),
        st.integers(0, 5).map(float),
    ),
    max_size=25,
).map(
    lambda rows: [
        Event(event_id=f"e{place}", user_id=user_id, item_id=item_id, type=type, at=at)
        for place, (user_id, item_id, type, at) in enumerate(rows)
    ]
)
drawn_requests = st.lists(
    st.tuples(
        st.sampled_from(["ann", "bob", "zoe", ""]),
        st.lists(st.sampled_from(ITEMS), max_size=6),
        st.integers(-1, 7).map(float),
    ),
    max_size=5,
)


def ask(store: SeenStore, requests: Sequence[tuple[str, Sequence[str], float]]) -> list[bool]:
    answer = store.seen(
        [user_id for user_id, _, _ in requests],
        stable_hashes(item_id for _, item_ids, _ in requests for item_id in item_ids),
        np.cumsum([0, *(len(item_ids) for _, item_ids, _ in requests)]),
        np.array([before for _, _, before in requests], np.float64),
    )
    assert answer.dtype == np.bool_
    return answer.tolist()


def truth(events: Sequence[Event], requests: Sequence[tuple[str, Sequence[str], float]]) -> list[bool]:
    answer: list[bool] = []
    for user_id, item_ids, before in requests:
        had = {each.item_id for each in events if each.user_id == user_id and each.type in COUNTED and each.at < before}
        answer += [item_id in had for item_id in item_ids]
    return answer


def view(name: str, item_id: str, at: float, user_id: str = "ann") -> Event:
    return Event(event_id=name, user_id=user_id, item_id=item_id, type="view", at=at)


@each_store
@given(events=drawn_events, requests=drawn_requests)
def test_whatever_was_seen_is_called_seen(contestant, events, requests):
    answers, expected = ask(contestant.filled(events), requests), truth(events, requests)
    assert len(answers) == len(expected)
    assert all(answer for answer, was_seen in zip(answers, expected, strict=True) if was_seen)
    if contestant.error_rate == 0.0:
        assert answers == expected


@each_store
def test_few_of_many_unseen_items_are_called_seen(contestant):
    store = contestant.filled([view(f"e{n}", f"seen {n}", float(n)) for n in range(500)])
    assert all(ask(store, [("ann", [f"seen {n}" for n in range(500)], np.inf)]))
    wrong = ask(store, [("ann", [f"unseen {n}" for n in range(5_000)], np.inf)])
    assert np.mean(wrong) <= contestant.error_rate


@each_store
def test_nobody_has_seen_nothing_and_neither_has_a_stranger(contestant):
    store = contestant.filled([view("e1", "pen", 1.0), view("e2", "pen", 1.0)])
    assert ask(store, [("", ["pen"], np.inf), ("zoe", ["pen"], np.inf), ("ann", ["pen"], np.inf)]) == [0, 0, 1]


@each_store
def test_an_item_is_seen_only_after_its_first_event(contestant):
    store = contestant.filled([view("e1", "pen", 5.0), view("e2", "pen", 9.0), view("e3", "pen", 3.0)])
    assert ask(store, [("ann", ["pen"], 3.0), ("ann", ["pen"], 3.5)]) == [False, True]


@each_store
def test_events_of_other_types_do_not_count(contestant):
    types = [each for each in EventType if each not in COUNTED]
    events = [Event(event_id=each, user_id="ann", item_id="pen", type=each, at=1.0) for each in types]
    assert ask(contestant.filled(events), [("ann", ["pen"], np.inf)]) == [False]


@each_store
def test_no_request_and_no_candidate_give_no_answer(contestant):
    store = contestant.filled([view("e1", "pen", 1.0), view("e2", "cup", 1.0)])
    assert ask(store, []) == []
    assert ask(store, [("ann", [], np.inf), ("bob", [], np.inf)]) == []
