import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.pipeline.tables import items, lists, ragged_of, requests_of
from winnow.pipeline.sources.category_source import BEST, LAST, CategorySource

CODES = np.array([[2, 3], [2, 2], [3, 2], [3, 0], [1, 3], [2, 3]], np.int32)
"""Two features of six items; 0 is missing and 1 is unknown, which are no categories."""
WEIGHTS = np.array([4, 8, 2, 1, 6, 0], np.float32)


def proposed(had, k=9, codes=CODES, weights=WEIGHTS, rows=None):
    source = CategorySource.of(codes, weights, np.arange(len(codes)) if rows is None else np.array(rows, np.int64))
    found = source.retrieve(requests_of([""] * len(had), columns={"had": ragged_of(had)}), k)
    scores = lists(found.array("score"), found.offsets)
    return [dict(zip(*pair, strict=True)) for pair in zip(items(found), scores, strict=True)]


def share(own, item):
    """How much of the best item of each category that both are in."""
    total = 0.0
    for feature in range(2):
        code = CODES[own, feature]
        if code >= 2 and CODES[item, feature] == code:
            best = max(WEIGHTS[other] for other in range(6) if CODES[other, feature] == code)
            total += WEIGHTS[item] / best
    return total


@given(st.lists(st.lists(st.integers(0, 5), max_size=5, unique=True), max_size=3))
def test_shares_of_popularity_add_up_as_in_a_slow_loop(had):
    for row, found in zip(had, proposed(had), strict=True):
        wanted = {item: sum(share(own, item) for own in row) for item in range(6)}
        assert found == pytest.approx({item: total for item, total in wanted.items() if total > 0})


def test_the_best_of_the_category_comes_first_and_nothing_that_is_not_listed():
    assert list(proposed([[3]])[0]) == [2, 3]
    assert list(proposed([[3]], rows=[0, 1, 3])[0]) == [3]
    assert proposed([[0]], rows=[]) == [{}]


def test_a_category_lists_its_best_and_the_last_items_count():
    many = np.full((BEST + 5, 1), 2, np.int32)
    assert len(proposed([[0]], k=99, codes=many, weights=np.ones(BEST + 5, np.float32))[0]) == BEST
    codes = np.array([[2]] * LAST + [[3]], np.int32)
    assert LAST not in proposed([list(range(LAST + 1))], k=99, codes=codes, weights=np.ones(LAST + 1, np.float32))[0]


def test_a_request_copies_nothing_of_the_size_of_the_catalogue_however_that_lies_in_memory():
    codes = np.random.default_rng(0).integers(2, 500, (100_000, 3), np.int32)
    for laid in (np.ascontiguousarray(codes), np.asfortranarray(codes)):
        source = CategorySource.of(laid, np.ones(len(codes), np.float32), np.arange(len(codes)))
        requests = requests_of([""], columns={"had": ragged_of([[5, 7, 99]])})
        tracemalloc.start()
        found = source.retrieve(requests, 20)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert len(found) == 20
        assert peak < source.keys.nbytes / 10
