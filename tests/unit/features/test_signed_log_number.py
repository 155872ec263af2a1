from math import copysign, log1p

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.features.scaled_number import ScaledNumber
from winnow.features.signed_log_number import SignedLogNumber

NAN = float("nan")


def test_both_signs_are_taken_and_missing_is_said():
    values, missing, _ = SignedLogNumber(mean=1.0, deviation=2.0, wholes=())(np.array([0, -1, 100, NAN], np.float32))
    assert values.tolist() == pytest.approx([-0.5, (-log1p(1) - 1) / 2, (log1p(100) - 1) / 2, 0])
    assert missing.tolist() == [0, 0, 0, 1]
    assert values.dtype == missing.dtype == np.float32


@given(st.lists(st.floats(0, 1e9)), st.floats(-5, 5), st.floats(0.1, 10))
def test_without_negatives_it_is_the_logarithm_that_other_features_have(numbers, mean, deviation):
    column = np.array(numbers, float)
    signed, plain = (
        SignedLogNumber(mean=mean, deviation=deviation, wholes=(0,)),
        ScaledNumber(mean=mean, deviation=deviation, log=True),
    )
    assert [each.tolist() for each in signed(column)[:2]] == [each.tolist() for each in plain(column)]
    assert signed.outputs("x")[:2] == plain.outputs("x")


@given(st.floats(-1e9, 1e9))
def test_it_is_odd_around_zero(number):
    value, *_ = SignedLogNumber(mean=0.0, deviation=1.0, wholes=())(np.array([number]))
    assert value[0] == pytest.approx(copysign(log1p(abs(number)), number))


def test_a_number_has_the_code_of_its_whole_logarithm_or_of_the_nearest_that_has_one():
    transform = SignedLogNumber(mean=0.0, deviation=1.0, wholes=(3, 0, -1))
    *_, codes = transform(np.array([0, 1, 19.5, 50, 1e9, -0.5, -1e9, 2, 8, NAN]))
    assert codes.tolist() == [2, 2, 1, 1, 1, 3, 3, 2, 1, 0]
    assert codes.dtype == np.int32
    assert transform.outputs("x")[2].size == 4


def test_where_no_whole_has_a_code_all_are_missing():
    *_, codes = SignedLogNumber(mean=0.0, deviation=1.0, wholes=())(np.array([0, 5, NAN]))
    assert codes.tolist() == [0, 0, 0]
