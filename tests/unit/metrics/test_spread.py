"""Coverage and Gini against slow loops and closed forms."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from winnow.metrics.spread import coverage_at_k, gini_at_k
from winnow.schema.column import Array

NUM_ITEMS = 7
LISTS = arrays(np.int64, st.tuples(st.integers(0, 5), st.integers(1, 4)), elements=st.integers(-1, NUM_ITEMS - 1))


def counts(lists: Array, k: int) -> list[int]:
    return [sum(int(item == wanted) for row in lists for item in row[:k]) for wanted in range(NUM_ITEMS)]


@given(lists=LISTS, k=st.integers(1, 5))
def test_coverage_is_the_share_of_items_shown(lists: Array, k: int) -> None:
    assert coverage_at_k(lists, NUM_ITEMS, k) == sum(count > 0 for count in counts(lists, k)) / NUM_ITEMS


@given(lists=LISTS, k=st.integers(1, 5))
def test_gini_is_half_the_relative_mean_difference(lists: Array, k: int) -> None:
    shown = counts(lists, k)
    if not sum(shown):
        assert math.isnan(gini_at_k(lists, NUM_ITEMS, k))
        return
    pairs = sum(abs(a - b) for a in shown for b in shown)
    assert gini_at_k(lists, NUM_ITEMS, k) == pytest.approx(pairs / (2 * NUM_ITEMS * sum(shown)))


def test_gini_of_equal_and_of_single_items() -> None:
    assert gini_at_k(np.arange(4)[:, None], 4, 1) == pytest.approx(0)
    assert gini_at_k(np.zeros((4, 1), np.int64), 4, 1) == pytest.approx(3 / 4)
