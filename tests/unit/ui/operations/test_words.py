"""Figures and instants in words."""

import math

import pytest

from winnow.ui.operations.words import NONE, ago, day_of, number, percent


@pytest.mark.parametrize(
    ("seconds", "told"), [(5, "just now"), (61, "1 minute ago"), (7300, "2 hours ago"), (9e5, "10 days ago")]
)
def test_an_age_is_told_in_its_largest_unit(seconds: float, told: str) -> None:
    assert ago(1000.0, 1000.0 + seconds) == told


def test_figures_have_three_digits_that_count_and_none_is_a_dash() -> None:
    assert number(2.7449, "ms") == "2.74 ms"
    assert number(12345.6) == "12,346"
    assert percent(0.0838) == "8.4 %"
    assert number(math.nan, "ms") == percent(None) == NONE


def test_a_day_is_that_of_utc() -> None:
    assert day_of(1769385419.988) == "25 January 2026"
