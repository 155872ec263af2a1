import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.bundle.small_bundle import manifest_of
from winnow.bundle.manifest import FORMAT, manifest_from_json
from winnow.schema.errors import BundleError

MANIFEST = manifest_of({"schema": {"schema/schema.json": "0" * 64}})
RAW = MANIFEST.to_json().encode()


def refusal(raw):
    with pytest.raises(BundleError) as caught:
        manifest_from_json(raw, "shop/manifest.json")
    assert "shop/manifest.json" in str(caught.value)
    return str(caught.value)


def changed(**changes):
    return json.dumps({**json.loads(RAW), **changes}).encode()


def test_a_manifest_comes_back_as_it_was():
    assert manifest_from_json(RAW, "") == MANIFEST


def test_the_digest_is_the_hash_of_the_text():
    assert hashlib.sha256(RAW).hexdigest() == MANIFEST.digest


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec="utf-8")),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(st.characters(codec="utf-8")), inner, max_size=3)
    ),
    max_leaves=5,
)


@given(
    st.dictionaries(st.text(st.characters(codec="utf-8")), JSON, max_size=3),
    st.dictionaries(st.text("ab"), st.floats()),
)
def test_any_recipe_and_metrics_come_back_to_the_same_bytes(recipe, metrics):
    raw = manifest_of({}, recipe=recipe, training_metrics=metrics).to_json().encode()
    assert manifest_from_json(raw, "").to_json().encode() == raw


@given(st.integers(0, len(RAW) - 1), st.integers(1, 255))
def test_no_byte_of_it_can_change_without_a_refusal(place, bits):
    flipped = bytearray(RAW)
    flipped[place] ^= bits
    refusal(bytes(flipped))


@given(st.integers(0, len(RAW) - 1))
def test_a_manifest_that_was_cut_short_is_refused(length):
    refusal(RAW[:length])


def test_other_white_space_is_another_text_and_refused():
    assert "has changed since it was written" in refusal(changed())


@pytest.mark.parametrize("raw", [b"", b"{", b"\xff\xfe", b'{"format": 1,}'])
def test_what_is_not_json_is_damaged(raw):
    assert "is damaged" in refusal(raw)


@pytest.mark.parametrize("raw", [b"[]", b"1", b"null", b'"manifest"'])
def test_what_is_no_object_is_no_manifest(raw):
    assert "holds no object" in refusal(raw)


@pytest.mark.parametrize("found", [FORMAT + 1, 0, "1", None])
def test_another_format_is_refused_with_both_numbers(found):
    message = refusal(changed(format=found))
    assert f"has the format {found!r}" in message
    assert f"reads format {FORMAT}" in message


def test_a_newer_format_is_told_as_such_whatever_else_it_holds():
    assert "Upgrade Winnow" in refusal(json.dumps({"format": FORMAT + 1, "pages": []}).encode())


@pytest.mark.parametrize("name", sorted(set(json.loads(RAW)) - {"format"}))
def test_a_field_that_is_missing_or_of_the_wrong_type_is_named(name):
    without = json.loads(RAW)
    del without[name]
    assert f"wrong fields: {name}." in refusal(json.dumps(without).encode())
    assert f"wrong fields: {name}." in refusal(changed(**{name: 5}))


def test_an_unknown_field_is_named():
    assert "wrong fields: pages." in refusal(changed(pages=[]))


def test_parts_hold_files_by_name():
    assert "wrong fields: parts." in refusal(changed(parts={"schema": "schema.json"}))
