import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.schema.errors import RequestError
from winnow.serving.routes.asked_parts import asked_parts


@pytest.mark.parametrize(
    ("by", "weights"),
    [
        ("picture", {"picture": 1}),
        ("picture:0.5,description:0.3,behaviour:0.2", {"picture": 0.5, "description": 0.3, "behaviour": 0.2}),
        ("b:2,a", {"b": 2, "a": 1}),
        (" a : 1e-3 , b ", {"a": 0.001, "b": 1}),
        ("a:-1,b:inf", {"a": -1, "b": math.inf}),
        ("", {"": 1}),
        ("a,", {"a": 1, "": 1}),
    ],
)
def test_parts_are_read_with_their_weights_in_the_order_written(by, weights):
    read = asked_parts(by)
    assert read == weights
    assert list(read) == list(weights)


@pytest.mark.parametrize(
    ("by", "sentence"),
    [
        ("a,b:2,a:3", "'a' comes twice in 'by'; give each part once, with one weight."),
        ("a:", "The weight of 'a' is ''; it should be a number of 0 or more, such as picture:0.5."),
        ("a:1:2", "The weight of 'a' is '1:2'; it should be a number of 0 or more, such as picture:0.5."),
        ("a:much", "The weight of 'a' is 'much'; it should be a number of 0 or more, such as picture:0.5."),
    ],
)
def test_what_cannot_be_read_is_a_sentence(by, sentence):
    with pytest.raises(RequestError) as refused:
        asked_parts(by)
    assert str(refused.value) == sentence


@given(st.text(alphabet="ab:,.-+e0123456789 \x00\u0661_naif"))
def test_any_text_is_weights_or_a_sentence(by):
    sentence, weights = ".", {}
    try:
        weights = asked_parts(by)
    except RequestError as refused:
        sentence = str(refused)
    assert sentence.endswith(".")
    assert all(isinstance(weight, float) for weight in weights.values())
