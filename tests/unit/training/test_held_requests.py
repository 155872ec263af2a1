"""What later requests say of a ranker."""

import numpy as np
import pytest

from winnow.training.held_requests import deep_proves, is_better, is_worse, plain_proves

BEFORE = np.array([[2.0, 2.1, 1.9, 2.0], [0.5, 0.6, 0.5, 0.4]], np.float32)
LIKELIER, LESS_LIKELY = np.array([[-0.5], [0.0]], np.float32), np.array([[0.01], [0.0]], np.float32)
HIGHER, LOWER = np.array([[0.0], [0.1]], np.float32), np.array([[0.0], [-0.1]], np.float32)
ONE_FAR_DOWN = np.array([[0.0] * 4, [0.1, 0.1, 0.1, -0.4]], np.float32)


@pytest.mark.parametrize("change", [0 * LIKELIER, LIKELIER, HIGHER, LIKELIER + HIGHER, ONE_FAR_DOWN])
def test_what_makes_clicks_no_less_likely_and_moves_them_down_by_chance_at_most_is_not_worse(change):
    assert not is_worse(BEFORE, BEFORE + change)


@pytest.mark.parametrize("change", [LESS_LIKELY, LOWER, LIKELIER + LOWER, LESS_LIKELY + HIGHER])
def test_what_makes_clicks_less_likely_or_surely_moves_them_down_is_worse(change):
    assert is_worse(BEFORE, BEFORE + change)


def test_of_nobody_it_is_not_known_that_it_is_no_worse():
    nobody = BEFORE[:, :0]
    assert is_worse(nobody, nobody)
    assert not is_better(nobody, nobody)


def test_one_request_may_be_worse_off_but_proves_nothing_better():
    one = BEFORE[:, :1]
    assert not is_better(one, one + LIKELIER + HIGHER)
    assert not is_worse(one, one + LIKELIER + HIGHER)
    assert is_worse(one, one + LESS_LIKELY)


def test_what_is_better_is_not_worse():
    draw = np.random.default_rng(0)
    for _ in range(200):
        before, after = draw.normal(size=(2, 2, 5))
        after = before + 0.3 * (after - before) + draw.normal(size=(2, 1)) / 2
        assert not (is_better(before, after) and is_worse(before, after))


def test_a_deep_part_has_to_move_clicks_up_and_a_wide_one_not():
    newcomers = np.array([True, True, False, False])
    for change, plain, deep in (
        (LIKELIER, True, False),
        (LIKELIER + HIGHER, True, True),
        (HIGHER, False, False),
        (LIKELIER + LOWER, False, False),
    ):
        after = BEFORE + change
        assert plain_proves(BEFORE, after, newcomers) == (plain, plain)
        assert deep_proves(BEFORE, after, newcomers) == (deep, deep)
