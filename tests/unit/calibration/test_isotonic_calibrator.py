"""The isotonic line against hand-worked blocks and planted truths."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.calibration.drawn import drawn_labels, normal_logits, sigmoid_of, step
from winnow.calibration.isotonic_calibrator import IsotonicCalibrator, _blocks
from winnow.schema.column import Array


def test_hand_worked_blocks() -> None:
    # Blocks 0 0 0 | 1 0 | 1 1 1 1: one row more in each, 5/9 of a click; the line goes through -2, .5 and 3.5.
    logits = np.array([-3, -2, -1, 0, 1, 2, 3, 4, 5.0])
    found = IsotonicCalibrator.fit(logits, np.array([0, 0, 0, 1, 0, 1, 1, 1, 1]))
    np.testing.assert_allclose(found.logits, [-2, 0.5, 3.5])
    np.testing.assert_allclose(found.probabilities, [5 / 36, 14 / 27, 41 / 45], rtol=1e-7)
    assert found(np.array([2.0]))[0] == pytest.approx((14 / 27 + 41 / 45) / 2)


def test_a_lucky_row_on_top_is_pooled_with_what_lies_below() -> None:
    # Of 99 rows below 98 are clicks, and one that is all alone says less.
    labels = np.array([0] * 50 + [0] + [1] * 98 + [0, 1])
    found = IsotonicCalibrator.fit(np.repeat([-9.0, 1.0, 2.0], [50, 100, 1]), labels)
    base = 99 / 151
    np.testing.assert_allclose(found.probabilities, [base / 51, (99 + 2 * base) / 103], rtol=1e-6)


def test_equal_logits_are_one_row_with_a_share_in_whatever_order() -> None:
    logits, labels = np.array([1, 1, 1, 0, 0.0]), np.array([1, 0, 1, 0, 1])
    one = IsotonicCalibrator.fit(logits, labels)
    other = IsotonicCalibrator.fit(logits[::-1], labels[::-1])
    np.testing.assert_array_equal(one.probabilities, other.probabilities)
    np.testing.assert_array_equal(one.logits, [0, 1])


def test_a_ranker_that_is_the_wrong_way_round_gets_the_share_of_clicks() -> None:
    found = IsotonicCalibrator.fit(np.arange(6.0), np.array([1, 1, 0, 0, 0, 0]))
    np.testing.assert_allclose(found(np.array([-5.0, 2.5, 99])), 1 / 3, rtol=1e-6)


@pytest.mark.parametrize("truth", [lambda z: sigmoid_of(2 * z + 1), lambda z: sigmoid_of(z - 4), step])
def test_planted_truths_are_found(truth: Callable[[Array], Array]) -> None:
    logits = normal_logits(300_000, seed=1)
    found = IsotonicCalibrator.fit(logits, drawn_labels(truth(logits), seed=1))
    asked = normal_logits(5_000, seed=2)
    assert np.abs(found(asked) - truth(asked)).mean() < 0.01


def test_rows_between_the_outermost_centres_tie_only_where_float32_does() -> None:
    logits = normal_logits(20_000, seed=3)
    found = IsotonicCalibrator.fit(logits, drawn_labels(sigmoid_of(logits), seed=3))
    between = logits[(logits > found.logits[0]) & (logits < found.logits[-1])]
    assert len(found.logits) < 100
    assert len(between) > 19_000
    assert len(np.unique(found(between))) > 0.99 * len(between)


@given(seed=st.integers(0, 1_000), bits=st.integers(1, 4))
def test_centres_rise_even_where_logits_are_neighbours_among_numbers(seed: int, bits: int) -> None:
    generator = np.random.default_rng(seed)
    logits = 0.1 + generator.integers(0, 2**bits, 50) * np.spacing(0.1)
    labels = np.r_[0, 1, generator.integers(0, 2, 48)]
    assert (np.diff(IsotonicCalibrator.fit(logits, labels).logits) > 0).all()


@pytest.mark.parametrize(
    ("logits", "probabilities", "message"),
    [
        ([], [], "at least one point"),
        ([0.0, 1.0], [0.5], r"shape \(2,\) and probabilities of \(1,\)"),
        ([1.0, 1.0], [0.4, 0.5], "do not rise"),
        ([0.0, np.inf], [0.4, 0.5], "finite and rising"),
        ([0.0, 1.0], [0.5, 0.4], "fall, or leave"),
        ([0.0, 1.0], [0.5, 1.0], "fall, or leave"),
        ([0.0, 1.0], [np.nan, 0.5], "fall, or leave"),
    ],
)
def test_points_that_break_the_promise_are_refused(
    logits: list[float], probabilities: list[float], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        IsotonicCalibrator(logits=np.array(logits), probabilities=np.array(probabilities))


@pytest.mark.parametrize("seed", range(8))
def test_a_smooth_truth_is_met_closer_than_by_level_blocks(seed: int) -> None:
    logits, asked = np.sort(normal_logits(3_000, seed)), normal_logits(20_000, seed + 100)
    labels, truth = drawn_labels(sigmoid_of(logits), seed), sigmoid_of(asked)
    first, shares = _blocks(labels, np.ones_like(labels))
    level = shares[np.searchsorted(logits[first[1:]], asked, side="right")]
    line = IsotonicCalibrator.fit(logits, labels)(asked).astype(np.float64)

    def nats(said: Array) -> float:
        return float(-np.mean(truth * np.log(said) + (1 - truth) * np.log(1 - said)))

    assert nats(truth) < nats(line) < nats(level)
