"""Doubt, against numbers that are plain."""

import numpy as np
import pytest

from winnow.metrics.beyond_doubt import surely_above_zero, unbeaten


def test_what_is_better_by_noise_only_beats_nothing():
    noise = np.random.default_rng(0).normal(size=(3, 50))
    losses = [noise[0] - noise[0].mean() - 0.1, noise[1] - noise[1].mean() - 0.05, noise[2] - noise[2].mean()]
    assert losses[0].mean() < losses[2].mean()
    assert unbeaten(losses) == [0, 1, 2]


def test_what_is_worse_in_every_row_is_beaten():
    base = np.linspace(0.0, 1.0, 50)
    assert unbeaten([base, base - 0.1, base - 0.1, base + 0.1]) == [1, 2]


def test_equal_ones_do_not_beat_each_other_and_of_one_row_nobody_knows():
    assert unbeaten([np.ones(9)] * 3) == [0, 1, 2]
    assert unbeaten([np.zeros(1), np.ones(1)]) == [0, 1]


@pytest.mark.parametrize(
    ("gains", "sure"),
    [
        ([0.1, 0.1, 0.1], True),
        ([0.0, 0.0], False),
        ([1.0, -1.0, 0.5, 0.3], False),
        ([-0.1, -0.1], False),
        ([5.0], False),
    ],
)
def test_a_gain_is_sure_beyond_two_standard_errors_and_never_of_one_number(gains: list[float], sure: bool):
    assert surely_above_zero(np.array(gains)) == sure


def test_what_is_lower_beyond_doubt_beats_what_is_lower_by_chance_does_not() -> None:
    noise = np.tile([-1.0, 1.0], 50)
    even, doubt, sure = np.ones(100), 0.9 + noise, 0.5 + 0.1 * noise
    assert unbeaten([even, doubt, doubt])[0] == 0
    assert unbeaten([even, sure, sure])[0] == 1
    assert unbeaten([even, even + 0.1, sure])[0] == 2
