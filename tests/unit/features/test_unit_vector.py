"""Vectors of unit length."""

import numpy as np
import pytest

from winnow.features.unit_vector import UnitVector
from winnow.schema.column import Masked
from winnow.schema.errors import SchemaError


def test_a_vector_keeps_its_direction_and_gets_length_one():
    (unit,) = UnitVector(width=2)(np.array([[3, 4], [0, -2]], np.float32))
    np.testing.assert_allclose(unit, [[0.6, 0.8], [0, -1]], rtol=1e-7)
    assert unit.dtype == np.float32


def test_extreme_lengths_neither_overflow_nor_vanish():
    (unit,) = UnitVector(width=2)(np.array([[3e38, 3e38], [1e-38, 0]], np.float32))
    np.testing.assert_allclose(np.linalg.norm(unit, axis=1), 1, rtol=1e-6)


def test_missing_zero_and_broken_vectors_are_the_zero_vector():
    values = np.array([[1, 1], [0, 0], [np.nan, 1], [np.inf, 1]], np.float32)
    (unit,) = UnitVector(width=2)(Masked(values, np.array([False, True, True, True])))
    assert not unit.any()


def test_rows_beyond_one_block_are_scaled_too():
    values = np.random.default_rng(0).normal(size=(20_000, 3)).astype(np.float32)
    (unit,) = UnitVector(width=3)(values)
    np.testing.assert_allclose(unit, values / np.linalg.norm(values, axis=1, keepdims=True), rtol=1e-5)


def test_a_column_in_which_all_is_missing_needs_no_width():
    (unit,) = UnitVector(width=3)(Masked(np.zeros(2), np.zeros(2, bool)))
    assert unit.shape == (2, 3)


@pytest.mark.parametrize("values", [np.zeros((2, 4), np.float32), np.zeros(2, np.float32)])
def test_another_width_is_refused(values):
    with pytest.raises(SchemaError, match="vectors of width 3"):
        UnitVector(width=3)(values)
