import gzip

import pytest
from pydantic import TypeAdapter

from tests.unit.serving.conftest import KEY, Caller, caller_of
from tests.unit.serving.small_engine import small_engine
from winnow.api.limits import MAX_BODY_BYTES, MAX_ITEM_BODY_BYTES
from winnow.serving.errors import ApiError
from winnow.serving.routes.json_body import described, parsed, validated

PATHS = ("/v1/recommendations", "/v1/events")


def refused(client: Caller, path: str, body: bytes) -> tuple[int, str, str]:
    answer = client.post(path, content=body)
    error = answer.json()["error"]
    return answer.status_code, error["code"], error["message"]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "The body is empty"),
        (b"{", "line 1, column 2"),
        (b'{"k": 3,\n "user_id": }', "line 2, column 13"),
        (b'{"k": NaN}', "NaN is not a JSON number"),
        (b'{"k": -Infinity}', "Infinity is not a JSON number"),
        (b'{"k": 1e999}', "infinity"),
        (b'{"user_id": "\xff"}', "The body is not UTF-8 from byte 13 on"),
        (b"\xff\xfe{\x00}\x00", "The body is not UTF-8 from byte 0 on"),
        (gzip.compress(b"{}", mtime=0), "JSON is sent as UTF-8, and not compressed."),
        (b'{"user_id": "\\ud800"}', "surrogate"),
        (b"[" * 100_000, "depth limit"),
        (b"{'k': 1}", "line 1, column 2"),
    ],
)
def test_what_is_not_json_is_refused_with_its_place(client, path, body, words):
    status, code, message = refused(client, path, body)
    assert (status, code) == (400, "malformed_json")
    assert words in message


@pytest.mark.parametrize("path", PATHS)
def test_a_body_above_the_limit_is_refused_with_or_without_a_length(client, path):
    async def in_pieces():
        for _ in range(MAX_BODY_BYTES // 65_536 + 1):
            yield b" " * 65_536

    for body in (b" " * (MAX_BODY_BYTES + 1), in_pieces()):
        status, code, message = refused(client, path, body)
        assert (status, code) == (413, "too_large")
        assert "1,048,576 bytes" in message


def test_a_body_of_just_the_limit_is_read(client):
    body = b'{"k": 1}'.ljust(MAX_BODY_BYTES)
    assert client.post(PATHS[0], content=body).status_code == 200


def test_a_body_without_end_is_not_read_to_its_end():
    read = 0

    async def endless():
        nonlocal read
        while True:
            read += 65_536
            yield b" " * 65_536

    client = caller_of(small_engine(), keys=(KEY,), Authorization=f"Bearer {KEY}")
    assert client.post(PATHS[0], content=endless()).status_code == 413
    assert read <= 9 * MAX_BODY_BYTES


def test_a_body_with_a_picture_may_be_larger_but_not_without_end(client):
    path, first = "/v1/items/new", b'{"values": {}, "unknown": 1}'
    inside = client.call("PUT", path, content=first.ljust(MAX_ITEM_BODY_BYTES))
    assert (inside.status_code, inside.json()["error"]["field"]) == (422, "unknown")
    above = client.call("PUT", path, content=first.ljust(MAX_ITEM_BODY_BYTES + 1))
    assert (above.status_code, above.json()["error"]["message"]) == (
        413,
        f"The body is larger than {MAX_ITEM_BODY_BYTES:,} bytes; send a smaller picture, or fewer.",
    )


def test_a_word_like_nan_inside_text_is_not_blamed():
    with pytest.raises(ApiError, match="line 1, column 17: unexpected"):
        parsed(b'["NaN Infinity" oops]')


def test_the_first_of_several_mistakes_are_told_and_all_counted():
    told = r"^'\[1\]' is the text 'x'; .* '\[2\]' .* '\[3\]' is the text 'z'; .* These are the first 3 of 4 mistakes\.$"
    with pytest.raises(ApiError, match=told) as caught:
        validated([1, "x", "y", "z", "last"], TypeAdapter(list[int]))
    assert caught.value.field == "[1]"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("a" * 61, f"the text '{'a' * 60}'..."),
        (None, "null"),
        (True, "true"),
        (1.5, "1.5"),
        ([1, 2], "an array of 2"),
        ({"a": 1}, "an object with 1 fields"),
    ],
)
def test_a_value_is_described_in_a_few_words(value, words):
    assert described(value) == words
