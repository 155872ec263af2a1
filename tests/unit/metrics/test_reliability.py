"""Reliability and calibration error against slow loops, closed forms and planted errors."""

from fractions import Fraction
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.metrics.reliability import calibration_error, reliability
from winnow.schema.column import Array

ROWS = st.lists(st.tuples(st.booleans(), st.integers(0, 10)), min_size=1, max_size=40)
Rows = list[tuple[bool, int]]


def arrays_of(rows: Rows) -> tuple[Array, Array]:
    return np.array([label for label, _ in rows]), np.array([tenths for _, tenths in rows]) / 10


def slow_bins(rows: Rows, bins: int) -> list[Rows]:
    """Every row goes where the middle of the rows with its probability lies."""
    filled: dict[int, Rows] = {}
    for row in rows:
        below, equal = sum(other[1] < row[1] for other in rows), sum(other[1] == row[1] for other in rows)
        middle = (below + Fraction(equal, 2)) / len(rows)
        filled.setdefault(int(middle * bins), []).append(row)
    return [filled[place] for place in sorted(filled)]


@given(rows=ROWS, bins=st.integers(1, 20))
def test_bins_and_error_equal_those_of_a_slow_loop(rows: Rows, bins: int) -> None:
    expected = slow_bins(rows, bins)
    said = [sum(tenths for _, tenths in each) / 10 / len(each) for each in expected]
    came = [sum(label for label, _ in each) / len(each) for each in expected]
    drawn = reliability(*arrays_of(rows), bins)
    assert drawn.rows.tolist() == [len(each) for each in expected]
    np.testing.assert_allclose(drawn.mean_probability, said, atol=1e-12)
    np.testing.assert_allclose(drawn.share_of_positives, came, atol=1e-12)
    error = sum(len(each) * abs(s - c) for each, s, c in zip(expected, said, came, strict=True)) / len(rows)
    assert calibration_error(*arrays_of(rows), bins) == pytest.approx(error, abs=1e-12)


@given(rows=ROWS, bins=st.integers(1, 20), order=st.randoms(use_true_random=False))
def test_the_order_of_the_rows_changes_nothing_at_all(rows: Rows, bins: int, order: Random) -> None:
    shuffled = order.sample(rows, len(rows))
    one, other = reliability(*arrays_of(rows), bins), reliability(*arrays_of(shuffled), bins)
    np.testing.assert_array_equal(one.mean_probability, other.mean_probability)
    np.testing.assert_array_equal(one.share_of_positives, other.share_of_positives)
    np.testing.assert_array_equal(one.rows, other.rows)


@given(count=st.integers(1, 60), bins=st.integers(1, 20))
def test_without_ties_bins_differ_by_one_row_at_most(count: int, bins: int) -> None:
    rows = reliability(np.zeros(count, np.int64), np.arange(count) / count, bins).rows
    assert len(rows) == min(count, bins)
    assert rows.max() - rows.min() <= 1


def test_one_probability_for_all_is_one_bin() -> None:
    drawn = reliability(np.array([1, 0, 0, 0]), np.full(4, 0.3))
    assert (drawn.rows.tolist(), drawn.share_of_positives.tolist()) == ([4], [0.25])
    assert calibration_error(np.array([1, 0, 0, 0]), np.full(4, 0.3)) == pytest.approx(0.05)


def test_a_perfectly_calibrated_sample_has_nearly_no_error_and_a_shifted_one_its_shift() -> None:
    generator = np.random.default_rng(0)
    probabilities = generator.uniform(0.05, 0.85, 200_000)
    labels = generator.random(200_000) < probabilities
    assert calibration_error(labels, probabilities) < 0.005
    assert calibration_error(labels, probabilities + 0.1) == pytest.approx(0.1, abs=0.005)
    assert calibration_error(labels, probabilities.astype(np.float32)) < 0.005


def test_what_chance_alone_leaves_is_what_the_docstring_says() -> None:
    generator = np.random.default_rng(1)
    errors = []
    for _ in range(200):
        probabilities = generator.uniform(0.199, 0.201, 1_500)
        errors.append(calibration_error(generator.random(1_500) < probabilities, probabilities))
    assert np.mean(errors) == pytest.approx(0.8 * np.sqrt(0.2 * 0.8 / 100), rel=0.05)


def test_scores_are_refused() -> None:
    with pytest.raises(ValueError, match=r"2 of 3 probabilities lie outside 0 to 1, for example -3"):
        calibration_error(np.array([0, 1, 1]), np.array([0.5, -3.0, np.nan]))


def test_no_bins_no_rows_and_unequal_rows_are_refused() -> None:
    with pytest.raises(ValueError, match="bins is 0"):
        reliability(np.array([1]), np.array([0.5]), 0)
    with pytest.raises(ValueError, match="0 labels and 0 probabilities"):
        reliability(np.array([]), np.array([]))
    with pytest.raises(ValueError, match="2 labels and 1 probabilities"):
        reliability(np.array([1, 0]), np.array([0.5]))
