import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.pipeline.tables import FunctionFilter, candidates_of, items, lists, requests_of
from winnow.pipeline.guarantee import allowed_everywhere, fill, replaced
from winnow.pipeline.merge import RANKS
from winnow.pipeline.stage import filter_stage

ITEMS = st.lists(st.integers(0, 6), unique=True)
OWN = st.tuples(ITEMS, ITEMS, st.sets(st.integers(0, 6)), st.integers(0, 9))


def slow_fill(own, everything, seen, k):
    """The items with what is missing, and a flag for each."""
    rest = [item for item in everything if item not in own]
    ordered = [item for item in rest if item not in seen] + [item for item in rest if item in seen]
    added = ordered[: max(0, k - len(own))]
    return own + added, [False] * len(own) + [item in seen for item in added]


@given(st.lists(OWN, min_size=1, max_size=4))
def test_fill_adds_unseen_items_first_as_a_slow_loop_does(batch):
    own, everything, seen, k = ([each[part] for each in batch] for part in range(4))
    candidates = candidates_of(own, ann_rank=range(sum(map(len, own))))
    unseen = np.array([item not in gone for row, gone in zip(everything, seen, strict=True) for item in row], bool)
    filled = fill(requests_of([""] * len(batch), k=k), candidates, candidates_of(everything), unseen)
    expected = [slow_fill(*each) for each in zip(own, everything, seen, k, strict=True)]
    assert items(filled) == [row for row, _ in expected]
    assert lists(filled.array("seen"), filled.offsets) == [flags for _, flags in expected]
    ranks = iter(range(len(candidates)))
    expected_ranks = [
        next(ranks) if place < len(before) else math.nan
        for before, (row, _) in zip(own, expected, strict=True)
        for place in range(len(row))
    ]
    np.testing.assert_array_equal(filled.array("ann_rank"), np.array(expected_ranks, np.float32))


def test_what_fill_adds_comes_from_no_source():
    own = candidates_of([[4]]).with_columns({RANKS: np.array([[3, np.nan]], np.float32)})
    filled = fill(requests_of([""], k=[3]), own, candidates_of([[2, 5]]), np.ones(2, bool))
    np.testing.assert_array_equal(filled.array(RANKS)[:, 0], np.array([3, np.nan, np.nan], np.float32), strict=True)
    assert np.isnan(filled.array(RANKS)[:, 1]).all()


@given(st.lists(st.tuples(ITEMS, st.booleans(), ITEMS), max_size=5))
def test_replaced_changes_the_given_requests_and_no_other(batch):
    before = [row for row, _, _ in batch]
    candidates = candidates_of(before, number=range(sum(map(len, before))))
    places = np.array([place for place, (_, change, _) in enumerate(batch) if change], np.int64)
    new = [row for _, change, row in batch if change]
    others = candidates_of(new, number=range(100, 100 + sum(map(len, new))))
    after = replaced(candidates, places, others)
    assert items(after) == [row if change else old for old, change, row in batch]
    old_numbers, new_numbers = iter(range(100)), iter(range(100, 200))
    expected = []
    for old, change, row in batch:
        kept = [next(old_numbers) for _ in old]
        expected.append([next(new_numbers) for _ in row] if change else kept)
    assert lists(after.array("number"), after.offsets) == expected


def test_hard_filters_remove_and_soft_ones_only_tell():
    filters = (
        filter_stage("unseen", FunctionFilter(lambda _, each: each.item_rows < 3), soft=True),
        filter_stage("even", FunctionFilter(lambda _, each: each.item_rows % 2 == 0)),
        filter_stage("not two", FunctionFilter(lambda _, each: each.item_rows != 2), soft=True),
    )
    everything, unseen = allowed_everywhere(
        requests_of(["", ""]),
        candidates_of([[4, 3, 2, 1, 0], [2, 0]]),
        filters,
        lambda stage, requests, candidates: stage(requests, candidates),
    )
    assert items(everything) == [[4, 2, 0], [2, 0]]
    assert lists(unseen, everything.offsets) == [[False, False, True], [False, True]]
    assert set(everything.columns) == set()
