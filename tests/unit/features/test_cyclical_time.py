"""Hours and weekdays on a circle, against the calendar of the standard library."""

from datetime import UTC, datetime, timedelta
from math import cos, pi, sin

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.features.cyclical_time import DayOfWeek, HourOfDay
from winnow.schema.column import Masked

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
instants = st.integers(-2 * 10**15, 7 * 10**15).map(lambda number: EPOCH + timedelta(microseconds=number))


def point(transform, at: datetime) -> list[float]:
    return [float(array[0]) for array in transform(np.array([at.timestamp()]))]


@given(instants)
def test_the_hour_with_its_fraction_is_an_angle(at):
    hour = at.hour + at.minute / 60 + (at.second + at.microsecond / 1e6) / 3600
    assert point(HourOfDay(), at) == pytest.approx([sin(2 * pi * hour / 24), cos(2 * pi * hour / 24)], abs=1e-6)


@given(instants)
def test_the_weekday_is_an_angle_monday_first(at):
    turn = 2 * pi * at.weekday() / 7
    assert point(DayOfWeek(), at) == pytest.approx([sin(turn), cos(turn)], abs=1e-6)


@pytest.mark.parametrize("transform", [HourOfDay(), DayOfWeek()])
def test_a_missing_instant_is_the_centre_of_the_circle(transform):
    missing = Masked(np.array([1e9, np.nan]), np.array([False, True]))
    for array in transform(missing):
        assert array.tolist() == [0.0, 0.0]
        assert array.dtype == np.float32
    assert [output.name for output in transform.outputs("at")] == ["at_sin", "at_cos"]
