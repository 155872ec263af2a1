"""Pooling against the formula of the best rising shares."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from winnow.calibration.pooled import pooled

PLACES = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)).filter(any), min_size=1, max_size=12)


@given(places=PLACES)
def test_shares_are_those_of_the_minimax_formula(places: list[tuple[int, int]]) -> None:
    clicks, rows = np.array([hit for hit, _ in places]), np.array([hit + miss for hit, miss in places])

    def share(start: int, end: int) -> float:
        return clicks[start : end + 1].sum() / rows[start : end + 1].sum()

    count = len(places)
    expected = [max(min(share(a, b) for b in range(i, count)) for a in range(i + 1)) for i in range(count)]
    first = pooled(clicks, rows)
    shares = np.add.reduceat(clicks, first) / np.add.reduceat(rows, first)
    np.testing.assert_allclose(np.repeat(shares, np.diff(first, append=count)), expected)
    assert (np.diff(shares) > 0).all()
