import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.pipeline.tables import candidates_of, items, lists
from winnow.pipeline.merge import RANKS, SCORES, merge

NUM_ITEMS = 6
PROPOSALS = st.lists(st.integers(0, NUM_ITEMS - 1), unique=True)


def proposed(batch):
    """Each request's items with falling scores that tell request and place."""
    return candidates_of(batch, score=[10 * b - place for b, row in enumerate(batch) for place in range(len(row))])


@given(st.integers(0, 3), st.data())
def test_merge_agrees_with_a_slow_loop(batch, data):
    sources = {
        name: data.draw(st.lists(PROPOSALS, min_size=batch, max_size=batch)) for name in ("ann", "popular", "fresh")
    }
    merged = merge({name: proposed(rows) for name, rows in sources.items()}, NUM_ITEMS)
    expected = [sorted({item for rows in sources.values() for item in rows[b]}) for b in range(batch)]
    assert items(merged) == expected
    for number, rows in enumerate(sources.values()):
        places = [rows[b].index(item) if item in rows[b] else math.nan for b in range(batch) for item in expected[b]]
        scores = [10 * b - p for p, b in zip(places, merged.request_of().tolist(), strict=True)]
        np.testing.assert_array_equal(merged.array(RANKS)[:, number], np.array(places, np.float32))
        np.testing.assert_array_equal(merged.array(SCORES)[:, number], np.array(scores, np.float32))


def test_ranks_and_scores_are_float32_whatever_a_source_brings():
    part = candidates_of([[2]]).with_columns({"score": np.array([0.5], np.float64)})
    dtypes = {name: column.dtype for name, column in merge({"ann": part}, NUM_ITEMS).columns.items()}
    assert dtypes == {RANKS: np.float32, SCORES: np.float32}


def test_an_item_that_a_source_names_twice_is_one_candidate_with_its_better_place():
    merged = merge({"ann": candidates_of([[4, 2, 4]], score=[3, 2, 1])}, NUM_ITEMS)
    assert items(merged) == [[2, 4]]
    assert lists(merged.array(RANKS)[:, 0], merged.offsets) == [[1, 0]]
    assert lists(merged.array(SCORES)[:, 0], merged.offsets) == [[2, 3]]


def test_nothing_from_an_empty_catalogue():
    merged = merge({"ann": candidates_of([[], []], score=[])}, 0)
    assert items(merged) == [[], []]
    assert merged.item_rows.dtype == np.int64
