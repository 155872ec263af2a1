from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.pipeline.tables import catalogue_of, knowing, requests_of
from winnow.pipeline.had_hydrator import EVENTS, ITEMS, HadHydrator
from winnow.stores.counted_types import counted_types
from winnow.stores.event import Event
from winnow.stores.memory_state import MemoryState
from winnow.stores.state_config import StateConfig

CATALOGUE = catalogue_of(4)


def hydrated(visits, users, at=1e6, catalogue=CATALOGUE):
    """Visits are pairs of user and item in the order of time; item 4 is not in the catalogue."""
    store = MemoryState(StateConfig(length=EVENTS, counted=counted_types([])))
    store.append(
        [
            Event(event_id=f"{n}", user_id=user, item_id=f"item-{item}", type="click", at=n)
            for n, (user, item) in enumerate(visits)
        ]
    )
    store.append([Event(event_id="v", user_id="a", item_id="item-3", type="view", at=0.5)])
    requests = knowing(replace(requests_of(users), at=np.full(len(users), at)), store, catalogue)
    columns = HadHydrator(num_items=len(catalogue), counted=counted_types(["click"])).columns(requests)
    return [
        list(zip(*pair, strict=True))
        for pair in zip(*([each.row(n).tolist() for n in range(len(users))] for each in columns.values()), strict=True)
    ]


@given(
    st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 4)), max_size=12),
    st.lists(st.sampled_from("abc"), max_size=4),
)
def test_each_item_comes_once_latest_first_with_its_number_of_events(visits, users):
    for user, found in zip(users, hydrated(visits, users), strict=True):
        mine = [item for who, item in visits if who == user and item < 4]
        latest_first = list(dict.fromkeys(reversed(mine)))
        assert found == [(item, mine.count(item)) for item in latest_first]


def test_what_comes_later_is_not_known_yet():
    assert hydrated([("a", 0), ("a", 1)], ["a"], at=1) == [[(0, 1)]]


def test_many_items_are_cut_at_the_oldest():
    catalogue = catalogue_of(ITEMS + 3)
    found = hydrated([("a", item) for item in range(ITEMS + 3)], ["a"], catalogue=catalogue)[0]
    assert [item for item, _ in found] == list(range(ITEMS + 2, 2, -1))
