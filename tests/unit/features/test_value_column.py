"""Pictures in the values of requests: bytes in Python, base64 in JSON."""

from base64 import b64encode, encodebytes, urlsafe_b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.features.value_column import value_column
from winnow.schema.column import Masked
from winnow.schema.errors import RequestError
from winnow.schema.feature import Entity, Feature, Kind
from winnow.schema.transform import ImageVector

PHOTO = Feature(name="photo", entity=Entity.ITEM, kind=Kind.IMAGE, transform=ImageVector(), column="file")
PNG = b"\x89PNG\r\n\x1a\n and more \xfb\xff\x00\x00"


def pictures(*values):
    return value_column([PHOTO], [{"file": each} for each in values])


@given(content=st.binary(max_size=200))
def test_a_picture_is_the_same_bytes_from_python_and_from_json(content):
    column = pictures(content, b64encode(content).decode())
    assert column.dtype == object
    assert column.tolist() == [content, content]


def test_no_picture_is_missing_and_its_neighbours_keep_their_places():
    column = value_column([PHOTO], [{"file": PNG}, {"file": None}, {}, {"file": b64encode(PNG).decode()}])
    assert isinstance(column, Masked)
    assert column.present.tolist() == [True, False, False, True]
    assert [column.values[row] for row in (0, 3)] == [PNG, PNG]


@pytest.mark.parametrize(
    "value",
    [
        "photo.png",
        "https://shop.example/photo.png",
        f"data:image/png;base64,{b64encode(PNG).decode()}",
        b64encode(PNG).decode()[:-1],
        encodebytes(PNG * 10).decode(),
        urlsafe_b64encode(PNG).decode(),
        "ünicode",
        "\ud800",
        7,
        True,
        ["a"],
        {"file": "a"},
    ],
)
def test_what_is_not_the_content_of_a_file_is_refused_with_what_is_wanted(value):
    with pytest.raises(RequestError) as caught:
        pictures(value)
    assert str(caught.value).startswith("The item field 'file' is ")
    assert str(caught.value).endswith("; the content of an image file is wanted, as base64 text.")


def test_the_wrong_one_of_several_is_told_by_its_row_and_a_long_one_is_not_repeated():
    with pytest.raises(RequestError) as caught:
        pictures(PNG, "!" * 100_000)
    assert "The item field 'file' of row 1 is '!!!" in str(caught.value)
    assert len(str(caught.value)) < 200
