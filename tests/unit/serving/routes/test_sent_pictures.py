from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.api.limits import MAX_PICTURE_BYTES
from winnow.serving.errors import ApiError
from winnow.serving.routes.sent_pictures import with_pictures


@given(st.binary(min_size=1))
def test_base64_becomes_what_it_stands_for_and_the_rest_stays(content):
    values = {"picture": b64encode(content).decode(), "title": "QUJD", "price": 1.5, "gone": None}
    assert with_pictures(values, ["picture", "gone"]) == {**values, "picture": content}


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("not base64!", "is the text 'not base64!'; the content of a JPEG, PNG, WebP or GIF file is wanted"),
        ("QUJD\nQUJD", "without line breaks"),
        ("äöü", "is the text 'äöü'"),
        ("QUJ", "is the text 'QUJ'"),
        ("https://shop/p.png", "Addresses are not fetched; send what is there."),
        ({"sha256": "0" * 64}, "is an object with 1 fields; the content of"),
        ([1], "is an array of 1"),
        (5, "is 5;"),
        (True, "is true;"),
        ("A" * 4 * (MAX_PICTURE_BYTES // 3 + 1), "is a picture of 8,388,609 bytes; at most 8,388,608 are taken"),
    ],
)
def test_what_is_no_picture_is_a_sentence_that_names_the_field(value, words):
    with pytest.raises(ApiError, match=r"'values\.picture' ") as refusal:
        with_pictures({"picture": value}, ["picture"])
    assert words in str(refusal.value)
    assert (refusal.value.status, refusal.value.field) == (422, "values.picture")


def test_the_largest_picture_is_taken():
    largest = bytes(MAX_PICTURE_BYTES)
    assert with_pictures({"picture": b64encode(largest).decode()}, ["picture"]) == {"picture": largest}


def test_an_empty_picture_is_none():
    assert with_pictures({"picture": ""}, ["picture"]) == {"picture": None}
