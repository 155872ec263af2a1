"""When visits began, against a slow walk back from every click."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.training.landings import VISIT_S, landings

HALF = VISIT_S / 2
CLICKS = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 24).map(lambda steps: steps * HALF)), max_size=20)


def slow_landing(clicks: list[tuple[int, float]], user: int, at: float) -> float:
    """Goes back from click to click as long as the step is not too long."""
    earlier = [other for who, other in clicks if who == user and at - VISIT_S <= other < at]
    return slow_landing(clicks, user, min(earlier)) if earlier else at


@given(CLICKS)
def test_a_visit_began_at_the_first_click_before_which_nothing_was_for_long(clicks: list[tuple[int, float]]):
    users = np.array([user for user, _ in clicks], np.int64)
    at = np.array([instant for _, instant in clicks], np.float64)
    assert landings(users, at).tolist() == [slow_landing(clicks, user, instant) for user, instant in clicks]


@pytest.mark.parametrize(("gap", "landed"), [(VISIT_S, 1e9), (VISIT_S + 1, 1e9 + VISIT_S + 1)])
def test_half_an_hour_is_still_the_same_visit_and_more_is_another(gap: float, landed: float):
    assert landings(np.zeros(2, np.int64), np.array([1e9 + gap, 1e9])).tolist() == [landed, 1e9]


def test_a_long_visit_of_short_steps_is_one_and_others_visits_do_not_count():
    at = np.arange(10) * VISIT_S
    assert landings(np.zeros(10, np.int64), at).tolist() == [0.0] * 10
    assert landings(np.arange(10) % 2, at).tolist() == at.tolist()
