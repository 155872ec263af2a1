"""How raw values are written."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.features.texts import category_text, texts_of
from winnow.schema.column import Masked, Ragged
from winnow.schema.errors import SchemaError


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (3, "3"),
        (3.0, "3"),
        (-0.0, "0"),
        (0.5, "0.5"),
        (1e-05, "0.00001"),
        ("3.0", "3.0"),
        (True, "true"),
        (2**63, "9223372036854775808"),
        ("", None),
        (None, None),
        (float("nan"), None),
    ],
)
def test_each_value_is_written_in_one_way(value, text):
    assert category_text(value) == text


@given(st.floats(allow_nan=False, allow_infinity=False).filter(lambda value: not value.is_integer()))
def test_a_fraction_is_written_as_an_importer_would_write_it(value):
    assert [category_text(value)] == pa.array([value]).cast(pa.string()).to_pylist()


@given(st.lists(st.integers(-(2**63), 2**63 - 1), max_size=5))
def test_a_column_of_integers_is_written_without_loss(values):
    assert texts_of(np.array(values, np.int64)) == [str(value) for value in values]


@given(st.lists(st.none() | st.integers(-(2**52), 2**52), min_size=1))
def test_integers_with_gaps_are_written_as_integers_even_when_they_arrive_as_floats(values):
    floats = np.array([np.nan if value is None else value for value in values], float)
    assert texts_of(floats) == [None if value is None else str(value) for value in values]


def test_what_the_mask_hides_is_missing():
    column = Masked(np.array(["a", "b"], object), np.array([True, False]))
    assert texts_of(column) == ["a", None]


def test_fixed_width_text_of_numpy_is_text():
    assert texts_of(np.array(["a", "bcd"])) == ["a", "bcd"]


@pytest.mark.parametrize("column", [np.zeros((2, 3)), Ragged(np.zeros(2), np.array([0, 2]))])
def test_lists_are_refused(column):
    with pytest.raises(SchemaError, match="one value in each row is wanted"):
        texts_of(column)
