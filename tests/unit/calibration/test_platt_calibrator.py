"""Platt's slope and shift against planted ones, and where nothing or the wrong thing speaks for a slope."""

import math

import numpy as np
import pytest

from tests.unit.calibration.drawn import drawn_labels, normal_logits, sigmoid_of
from winnow.calibration.platt_calibrator import PlattCalibrator
from winnow.schema.column import Array


def loss(calibrator: PlattCalibrator, logits: Array, labels: Array) -> float:
    """Against the softened targets of the paper."""
    clicks, misses = labels.sum(), (1 - labels).sum()
    targets = np.where(labels == 1, (clicks + 1) / (clicks + 2), 1 / (misses + 2))
    values = calibrator.slope * logits + calibrator.shift
    return float(np.sum(np.logaddexp(0, values) - targets * values))


@pytest.mark.parametrize(("slope", "shift"), [(2.0, 1.0), (0.5, -3.0), (1.0, 0.0)])
def test_planted_slope_and_shift_are_recovered(slope: float, shift: float) -> None:
    logits = normal_logits(200_000, seed=1)
    found = PlattCalibrator.fit(logits, drawn_labels(sigmoid_of(slope * logits + shift), seed=1))
    assert (found.slope, found.shift) == (pytest.approx(slope, abs=0.04), pytest.approx(shift, abs=0.04))


def test_no_step_aside_is_better() -> None:
    logits = normal_logits(300, seed=2)
    labels = drawn_labels(sigmoid_of(2 * logits + 1), seed=2)
    best = PlattCalibrator.fit(logits, labels)
    for slope, shift in [(1e-4, 0), (-1e-4, 0), (0, 1e-4), (0, -1e-4), (1e-4, 1e-4), (-1e-4, 1e-4)]:
        aside = PlattCalibrator(slope=best.slope + slope, shift=best.shift + shift)
        assert loss(aside, logits, labels) > loss(best, logits, labels)


def test_another_scale_of_logits_gives_the_same_probabilities() -> None:
    logits = normal_logits(1_000, seed=3)
    labels = drawn_labels(sigmoid_of(logits), seed=3)
    expected = PlattCalibrator.fit(logits, labels)(logits)
    for factor, move in [(1e-6, 0.0), (1e6, 0.0), (1.0, 1e4)]:
        other = logits * factor + move
        np.testing.assert_allclose(PlattCalibrator.fit(other, labels)(other), expected, rtol=1e-5)


def test_a_ranker_without_fault_gets_a_finite_slope() -> None:
    logits = np.arange(10.0)
    found = PlattCalibrator.fit(logits, (logits > 4).astype(np.int64))
    assert 0 < found.slope < 20
    assert (np.diff(found(logits)) > 0).all()


def test_a_ranker_that_is_the_wrong_way_round_is_nearly_not_heard() -> None:
    logits = normal_logits(5_000, seed=4)
    labels = drawn_labels(sigmoid_of(-2 * logits), seed=4)
    found = PlattCalibrator.fit(logits, labels)
    assert found.slope == pytest.approx(1e-3 / logits.std())
    np.testing.assert_allclose(found(logits), labels.mean(), atol=0.002)


def test_logits_whose_squares_vanish_are_as_good_as_equal() -> None:
    assert PlattCalibrator.fit(np.array([0, 1e-200, 2e-200]), np.array([0, 1, 0])).slope == 1


def test_equal_logits_keep_their_slope_and_get_the_share_of_clicks() -> None:
    found = PlattCalibrator.fit(np.full(3_000, 0.1), np.array([1, 0, 0] * 1_000))
    assert found.slope == 1
    assert found(np.array([0.1]))[0] == pytest.approx(1 / 3, abs=1e-3)


@pytest.mark.parametrize(("slope", "shift"), [(0.0, 1.0), (-1.0, 0.0), (math.nan, 0.0), (1.0, math.inf)])
def test_numbers_that_break_the_promise_are_refused(slope: float, shift: float) -> None:
    with pytest.raises(ValueError, match=f"slope is {slope} and the shift {shift}"):
        PlattCalibrator(slope=slope, shift=shift)
