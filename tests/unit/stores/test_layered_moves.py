"""What a frozen past makes of `merge` and `reset`."""

import numpy as np
import pytest

from winnow.schema.errors import Unavailable
from winnow.schema.stable_hash import stable_hashes
from winnow.stores.counted_types import counted_types
from winnow.stores.event import Event
from winnow.stores.event_log import EventLog
from winnow.stores.layered_state import LayeredState
from winnow.stores.memory_state import MemoryState
from winnow.stores.state_config import StateConfig

SESSION = "session:s"


def opened() -> LayeredState:
    """In the past `ann` had a pen and the session a cup."""
    past = EventLog.of(["ann", SESSION], stable_hashes(["pen", "cup"]), np.ones(2, np.int8), np.full(2, 5.0))
    return LayeredState(base=past, live=MemoryState(StateConfig(length=9, counted=counted_types(["view"]))))


def view(item_id: str, at: float, who: str) -> Event:
    return Event(event_id=f"{item_id} {at}", user_id=who, item_id=item_id, type="view", at=at)


def items(store: LayeredState, who: str) -> list[int]:
    return store.read([who], np.array([np.inf])).events.item_hashes.values.tolist()


def hashes(*item_ids: str) -> list[int]:
    return stable_hashes(item_ids).tolist()


def test_the_past_of_a_session_is_closed_with_the_merge_and_what_still_lives_of_it_moves():
    store = opened()
    store.append([view("cup", 5.0, SESSION), view("lamp", 6.0, SESSION)])
    assert store.merge(SESSION, "ann") == 2
    assert items(store, "ann") == hashes("pen", "cup", "lamp")
    assert items(store, SESSION) == []
    assert store.merge(SESSION, "ann") == 0


def test_what_the_session_does_after_its_past_was_closed_moves_with_the_next_merge():
    store = opened()
    store.merge(SESSION, "ann")
    store.append([view("desk", 7.0, SESSION)])
    assert items(store, SESSION) == hashes("desk")
    assert store.merge(SESSION, "ann") == 1
    assert items(store, "ann") == hashes("pen", "desk")


def test_a_merge_that_was_cut_before_the_past_was_closed_is_finished_by_the_next():
    store = opened()
    store.append([view("lamp", 6.0, SESSION)])
    store.live.merge(SESSION, "ann")
    assert items(store, SESSION) == hashes("cup")
    assert store.merge(SESSION, "ann") == 0
    assert (items(store, SESSION), items(store, "ann")) == ([], hashes("pen", "lamp"))


def test_a_merge_of_one_with_itself_closes_nothing():
    store = opened()
    assert store.merge("ann", "ann") == 0
    assert items(store, "ann") == hashes("pen")


def test_a_merge_with_nobody_closes_nothing():
    store = opened()
    assert store.merge(SESSION, "") == store.merge("", "ann") == 0
    assert items(store, SESSION) == hashes("cup")


def test_sessions_that_training_did_not_see_leave_no_mark():
    store = opened()
    store.append([view("lamp", 6.0, "session:new")])
    assert store.merge("session:new", "ann") == 1
    assert store.read(["session:new", SESSION], np.array([9.0, 9.0])).forgotten.tolist() == [False, False]


def test_after_a_reset_the_past_goes_on_to_count():
    store = opened()
    store.append([view("lamp", 6.0, "ann")])
    assert store.reset("ann") == 1
    assert items(store, "ann") == hashes("pen")


def test_of_a_store_that_does_not_answer_nothing_is_closed():
    class Silent(MemoryState):
        def merge(self, source: str, target: str) -> int:
            raise Unavailable("The state store does not answer.")

    live = Silent(StateConfig(length=9, counted=counted_types([])))
    store = LayeredState(base=opened().base, live=live)
    with pytest.raises(Unavailable):
        store.merge(SESSION, "ann")
    assert items(store, SESSION) == hashes("cup")
