import pyarrow as pa
import pytest

from winnow.data.typed_column import truths
from winnow.engine.availability import is_available
from winnow.schema.errors import RequestError


@pytest.mark.parametrize("value", [None, True, False, 1, 0, 1.0, 0.0, "true", "False", " 1 ", "0"])
def test_a_value_means_what_it_means_in_a_table(value):
    (read,) = truths(pa.chunked_array([pa.array([value])])).values.to_pylist()
    assert is_available("in_stock", value) is (True if read is None else read)


@pytest.mark.parametrize("value", [2, -1, 0.5, float("nan"), "yes", "", [], {"a": 1}, b"1"])
def test_anything_else_is_a_sentence_that_names_the_field(value):
    with pytest.raises(RequestError, match=r"The item field 'in_stock' is .*; true or false is wanted"):
        is_available("in_stock", value)
