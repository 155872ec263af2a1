import string
from base64 import urlsafe_b64decode, urlsafe_b64encode

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from winnow.api.limits import MAX_CURSOR_CHARS
from winnow.schema.stable_hash import stable_hashes
from winnow.serving.errors import ApiError
from winnow.serving.routes.cursor import Cursor
from winnow.serving.routes.cursors import AGAIN, MOST_SHOWN, VERSION, Cursors

NOW = 1_800_000_000.0
CURSORS = Cursors(secret=b"a secret of the tests, long enough", life_s=1800)
LETTERS = string.ascii_letters + string.digits + "-_"


def cursor_of(shown: int, request_id: str = "r") -> Cursor:
    return Cursor.start(request_id).after(stable_hashes(f"item-{number}" for number in range(shown)))


def written(cursor: Cursor, user_id: str = "ann", now: float = NOW, cursors: Cursors = CURSORS) -> str:
    text = cursors.written(cursor, user_id, now)
    assert text is not None
    return text


GOOD = written(cursor_of(3))


def refusal(text: str, user_id: str = "ann", now: float = NOW, cursors: Cursors = CURSORS) -> ApiError:
    with pytest.raises(ApiError) as caught:
        cursors.read(text, user_id, now)
    assert (caught.value.status, caught.value.field) == (422, "cursor")
    assert str(caught.value).startswith("'cursor' ")
    assert str(caught.value).endswith(AGAIN)
    return caught.value


@settings(max_examples=50)
@given(
    hashes=st.lists(st.integers(0, 2**64 - 1), min_size=1, max_size=MOST_SHOWN),
    pages=st.integers(1, MOST_SHOWN),
    user_id=st.text(st.characters(exclude_categories=["Cs"]), max_size=40),
    request_id=st.text(string.ascii_letters, max_size=5),
)
def test_what_was_written_is_read(hashes, pages, user_id, request_id):
    seed = Cursor.start(request_id).seed
    cursor = Cursor(pages=pages, seed=seed, shown=np.array(hashes, np.uint64))
    text = written(cursor, user_id)
    assert len(text) <= MAX_CURSOR_CHARS
    assert set(text) <= set(LETTERS), "goes into an address as it is"
    back = CURSORS.read(text, user_id, NOW)
    assert (back.pages, back.seed, back.shown.tolist()) == (pages, seed, hashes)
    assert back.shown.dtype == np.uint64


def test_187_items_fit_and_after_more_there_is_no_cursor():
    assert MOST_SHOWN == 187
    full = written(cursor_of(187))
    assert MAX_CURSOR_CHARS - 10 < len(full) <= MAX_CURSOR_CHARS
    assert CURSORS.written(cursor_of(188), "ann", NOW) is None


@given(
    text=st.text(max_size=60)
    | st.text(LETTERS, max_size=300)
    | st.binary(max_size=99).map(urlsafe_b64encode).map(bytes.decode)
)
def test_any_text_that_was_not_written_is_refused(text):
    assert refusal(text).code == "cursor_invalid"


@pytest.mark.parametrize(
    "text", ["", "=", "A", "\ud800", "\x00", "A" * 100_000, GOOD + "=", GOOD + " ", f" {GOOD}", GOOD[:-1]]
)
def test_what_only_resembles_a_cursor_is_refused(text):
    assert refusal(text).code == "cursor_invalid"


@given(place=st.integers(0, len(GOOD) - 1), letter=st.characters())
def test_no_letter_can_be_changed(place, letter):
    if letter != GOOD[place]:
        assert refusal(GOOD[:place] + letter + GOOD[place + 1 :]).code == "cursor_invalid"


@given(place=st.integers(0, len(GOOD) * 3 // 4 - 1), flip=st.integers(1, 255))
def test_no_byte_can_be_changed(place, flip):
    raw = bytearray(urlsafe_b64decode(GOOD + "=" * (-len(GOOD) % 4)))
    raw[place] ^= flip
    assert refusal(urlsafe_b64encode(raw).rstrip(b"=").decode()).code == "cursor_invalid"


def test_every_text_for_the_same_bytes_but_one_is_refused():
    others = [GOOD[:-1] + letter for letter in LETTERS if letter != GOOD[-1]]
    assert {refusal(text).code for text in others} == {"cursor_invalid"}


def test_a_cursor_of_another_user_is_refused():
    assert "given to another visitor" in str(refusal(GOOD, user_id="bob"))
    assert "given to another visitor" in str(refusal(GOOD, user_id=""))
    assert "given to another visitor" in str(refusal(written(cursor_of(1), user_id=""), user_id="ann"))


def test_a_cursor_is_good_for_its_life_and_not_a_second_longer():
    assert CURSORS.read(GOOD, "ann", NOW + 1799.9).pages == 1
    error = refusal(GOOD, now=NOW + 1812)
    assert (error.code, "expired 12 seconds ago" in str(error)) == ("cursor_expired", True)
    assert refusal(GOOD, now=NOW + 1800).code == "cursor_expired"


def test_a_cursor_that_another_secret_signed_is_refused():
    other = Cursors(secret=b"another secret of the tests, long", life_s=1800)
    assert "another secret" in str(refusal(GOOD, cursors=other))
    assert other.read(written(cursor_of(1), cursors=other), "ann", NOW).pages == 1


def test_processes_with_one_secret_read_each_others_cursors():
    twin = Cursors(secret=CURSORS.secret, life_s=60)
    assert twin.read(GOOD, "ann", NOW).pages == 1


def test_a_cursor_of_a_later_version_is_refused_by_its_number(monkeypatch):
    monkeypatch.setattr("winnow.serving.routes.cursors.VERSION", VERSION + 1)
    later = written(cursor_of(1))
    monkeypatch.undo()
    assert f"is of version {VERSION + 1}, and this service reads version {VERSION}" in str(refusal(later))


def test_a_cursor_tells_nobody_the_user_and_what_is_printed_tells_nobody_the_secret():
    raw = urlsafe_b64decode(GOOD + "=" * (-len(GOOD) % 4))
    assert b"ann" not in raw
    assert stable_hashes(["ann"])[0].tobytes() not in raw
    assert repr(CURSORS) == "Cursors(life_s=1800)"
