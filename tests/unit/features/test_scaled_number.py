"""Standardised numbers."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.features.output import Output
from winnow.features.scaled_number import ScaledNumber
from winnow.schema.column import Masked
from winnow.schema.errors import SchemaError


@pytest.mark.parametrize("log", [False, True])
@given(values=st.lists(st.none() | st.floats(0, 1e6), max_size=8))
def test_a_number_becomes_its_distance_from_the_mean_in_deviations(values, log):
    transform = ScaledNumber(mean=2.0, deviation=3.0, log=log)
    raw = np.array([7.0 if value is None else value for value in values], float)
    scaled, missing = transform(Masked(raw, np.array([value is not None for value in values], bool)))
    for value, number, is_missing in zip(values, scaled, missing, strict=True):
        wanted = 0.0 if value is None else ((math.log1p(value) if log else value) - 2) / 3
        assert number == pytest.approx(wanted, rel=1e-6, abs=1e-6)
        assert is_missing == (value is None)


def test_a_number_comes_with_its_companion():
    assert ScaledNumber(mean=0.0, deviation=1.0, log=False).outputs("age") == (
        Output("age", "value", 1),
        Output("age_missing", "value", 1),
    )


@pytest.mark.parametrize("log", [False, True])
def test_no_number_is_so_large_that_a_model_overflows(log):
    huge = np.array([1.7e308, np.inf, np.nan])
    scaled, missing = ScaledNumber(mean=0.5, deviation=1e-3, log=log)(huge)
    assert np.isfinite(np.square(scaled)).all()
    assert missing.tolist() == [0, 1, 1]


def test_negative_numbers_have_no_logarithm():
    with pytest.raises(SchemaError, match=r"2 values are negative, for example -3; ln\(1 \+ x\) wants 0 or more"):
        ScaledNumber(mean=0.0, deviation=1.0, log=True)(np.array([1.0, -3.0, -0.5]))
