"""Bootstrap intervals against the normal approximation, and their pairing."""

import numpy as np
import pytest

from winnow.metrics import bootstrap
from winnow.metrics.bootstrap import difference_intervals, mean_intervals


def test_interval_is_near_the_normal_one() -> None:
    values = np.random.default_rng(1).random((2000, 1))
    (interval,) = mean_intervals(values, seed=0, resamples=4000)
    half = 1.96 * values.std() / np.sqrt(len(values))
    assert interval.value == pytest.approx(values.mean())
    assert interval.low == pytest.approx(values.mean() - half, abs=0.1 * half)
    assert interval.high == pytest.approx(values.mean() + half, abs=0.1 * half)


def test_intervals_hold_the_truth_as_often_as_they_say() -> None:
    generator = np.random.default_rng(2)
    held = 0
    for trial in range(300):
        (interval,) = mean_intervals(generator.normal(size=(80, 1)), seed=trial, resamples=300)
        held += interval.low <= 0 <= interval.high
    assert 0.91 <= held / 300 <= 0.98


def test_the_same_seed_gives_the_same_interval_and_another_seed_another() -> None:
    values = np.random.default_rng(3).random((50, 2))
    assert mean_intervals(values, seed=7) == mean_intervals(values, seed=7)
    assert mean_intervals(values, seed=7) != mean_intervals(values, seed=8)


def test_chunks_of_resamples_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    values = np.random.default_rng(4).random((50, 2))
    whole = mean_intervals(values, seed=7, resamples=100)
    monkeypatch.setattr(bootstrap, "CHUNK_CELLS", 50 * 7)
    chunked = mean_intervals(values, seed=7, resamples=100)
    for one, other in zip(whole, chunked, strict=True):
        np.testing.assert_allclose([one.low, one.high], [other.low, other.high], rtol=1e-12)


def test_pairing_removes_what_both_sides_share() -> None:
    shared = np.random.default_rng(5).normal(scale=100, size=(200, 1))
    (difference,) = difference_intervals(shared + 1, shared, seed=0)
    assert (difference.low, difference.value, difference.high) == pytest.approx((1, 1, 1))


def test_a_single_user_gives_a_point() -> None:
    (interval,) = mean_intervals(np.array([[0.25]]), seed=0, resamples=10)
    assert (interval.low, interval.value, interval.high) == (0.25, 0.25, 0.25)


def test_unpaired_shapes_are_refused() -> None:
    with pytest.raises(ValueError, match=r"\(2, 1\) and \(3, 1\)"):
        difference_intervals(np.zeros((2, 1)), np.zeros((3, 1)), seed=0)
