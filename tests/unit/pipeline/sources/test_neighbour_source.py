import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.pipeline.tables import items, lists, ragged_of, requests_of
from winnow.pipeline.sources.neighbour_source import NeighbourSource
from winnow.schema.column import offsets_of
from winnow.stores.neighbours import Neighbours

TABLE = {0: {1: 0.5, 2: 0.25}, 1: {0: 0.5}, 2: {0: 0.25, 3: -1.0}, 3: {}}


def neighbours() -> Neighbours:
    return Neighbours(
        items=np.array([item for row in TABLE.values() for item in row], np.int32),
        weights=np.array([weight for row in TABLE.values() for weight in row.values()], np.float32),
        offsets=offsets_of(np.array([len(row) for row in TABLE.values()])),
    )


def proposed(had, k=9, last=50, table=None):
    requests = requests_of([""] * len(had), columns={"had": ragged_of(had)})
    found = NeighbourSource(neighbours=table or neighbours(), last=last).retrieve(requests, k)
    scores = lists(found.array("score"), found.offsets)
    return [list(zip(*pair, strict=True)) for pair in zip(items(found), scores, strict=True)]


@given(st.lists(st.lists(st.integers(0, 3), max_size=4, unique=True), max_size=3), st.integers(1, 4))
def test_weights_of_all_that_was_had_add_up_as_in_a_slow_loop(had, k):
    wanted = []
    for row in had:
        sums = {item: sum(TABLE[own].get(item, 0) for own in row) for item in range(4)}
        best = sorted((item for item, weight in sums.items() if weight > 0), key=lambda item: (-sums[item], item))
        wanted.append([(item, sums[item]) for item in best[:k]])
    assert proposed(had, k) == wanted


def test_only_the_last_items_are_asked():
    assert proposed([[1, 0, 2]], last=1) == [[(0, 0.5)]]


def test_an_item_that_joined_later_has_no_neighbours_and_disturbs_nobody():
    grown = neighbours().with_new(6)
    assert proposed([[5], [4, 1], []], table=grown) == [[], [(0, 0.5)], []]
