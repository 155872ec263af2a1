from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.serving.small_engine import small_catalogue
from winnow.features.filter_values import FilterNumbers, FilterWords
from winnow.pipeline.browse.listing import listing

PLACE = st.one_of(st.just(np.nan), st.integers(0, 3).map(float))
COLOURS = ("red", "blue")


def slow_page(found, places, start, size):
    rows = [row for row in range(8) if found[row]]
    ordered = sorted(rows, key=lambda row: (bool(np.isnan(places[row])), np.nan_to_num(places[row]), row))
    return ordered[start : start + size]


@given(
    found=st.lists(st.booleans(), min_size=8, max_size=8),
    places=st.lists(PLACE, min_size=8, max_size=8),
    start=st.integers(0, 9),
    size=st.integers(0, 9),
)
def test_a_page_is_what_sorting_everything_would_make_it(found, places, start, size):
    page = listing(small_catalogue(), np.array(found), {}, np.array(places), (start, size))
    assert page.item_rows.tolist() == slow_page(found, places, start, size)
    assert page.total == sum(found)
    colours = [COLOURS[row % 2] for row in range(8) if found[row]]
    assert page.counts["colour"] == {each: colours.count(each) for each in COLOURS if each in colours}
    prices = [row + 0.5 for row in range(8) if found[row]]
    assert page.ranges == ({"price": (min(prices), max(prices))} if prices else {})


def test_values_that_are_missing_are_not_counted_and_the_most_frequent_come_first():
    filters = {
        "maker": FilterWords(codes=np.array([2, -1, 2, 0, -1, 2, 0, 1]), words=tuple("abc")),
        "weight": FilterNumbers(values=np.full(8, np.nan)),
    }
    catalogue = replace(small_catalogue(), filters=filters, known_hashes=None)
    page = listing(catalogue, np.ones(8, bool), {"maker": ["b"]}, np.zeros(8), (0, 8))
    assert list(page.counts["maker"].items()) == [("c", 3), ("a", 2), ("b", 1)]
    assert page.item_rows.tolist() == [7]
    assert page.ranges == {}
