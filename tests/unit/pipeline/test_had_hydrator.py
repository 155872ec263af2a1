from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.pipeline.tables import catalogue_of, requests_of
from winnow.pipeline.had_hydrator import EVENTS, ITEMS, HadHydrator
from winnow.stores.event_store import Event
from winnow.stores.histories import counted_types
from winnow.stores.memory_events import MemoryEvents

CATALOGUE = catalogue_of(4)


def hydrated(visits, users, at=1e6, catalogue=CATALOGUE):
    """Visits are pairs of user and item in the order of time; item 4 is not in the catalogue."""
    store = MemoryEvents(EVENTS)
    store.append(
        [
            Event(event_id=f"{n}", user_id=user, item_id=f"item-{item}", type="click", at=n)
            for n, (user, item) in enumerate(visits)
        ]
    )
    store.append([Event(event_id="v", user_id="a", item_id="item-3", type="view", at=0.5)])
    hydrator = HadHydrator(store=store, catalogue=catalogue, counted=counted_types(["click"]))
    columns = hydrator.columns(replace(requests_of(users), at=np.full(len(users), at)))
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


def test_a_silent_store_leaves_everybody_without_items():
    hydrator = HadHydrator(store=MemoryEvents(1), catalogue=CATALOGUE, counted=counted_types(["click"]))
    requests = requests_of(["a", "b"])
    known, missing = hydrator.columns(requests), hydrator.missing(requests)
    for name, column in known.items():
        assert (len(missing[name]), len(missing[name].values), missing[name].values.dtype) == (
            2,
            0,
            column.values.dtype,
        )
