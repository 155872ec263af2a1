"""Vocabularies, hashes and buckets: 0 missing, 1 unknown, 2 and up known."""

import hashlib
from bisect import bisect_right
from math import isnan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.features.bucket_codes import BucketCodes
from winnow.features.hash_codes import HashCodes
from winnow.features.output import Output
from winnow.features.vocabulary_codes import VocabularyCodes
from winnow.schema.column import Masked
from winnow.schema.errors import SchemaError

WORDS = np.array(["a", "z", None, "b", ""], object)


def test_a_vocabulary_knows_missing_unknown_and_known():
    vocabulary = VocabularyCodes(known=("b", "a"))
    (codes,) = vocabulary(WORDS)
    assert codes.tolist() == [3, 1, 0, 2, 0]
    assert codes.dtype == np.int32
    assert vocabulary.outputs("colour") == (Output("colour", "code", 4),)


def test_a_number_and_its_text_have_the_same_code():
    vocabulary = VocabularyCodes(known=("3",))
    for column in (np.array([3]), np.array([3.0]), np.array(["3"], object), np.array([3], object)):
        assert vocabulary(column)[0].tolist() == [2]


def test_an_empty_column_gives_no_codes():
    for transform in (VocabularyCodes(known=("a",)), HashCodes(buckets=3), BucketCodes(edges=(1.0,))):
        (codes,) = transform(np.zeros(0))
        assert codes.shape == (0,)
        assert codes.dtype == np.int32


@given(st.lists(st.none() | st.text(st.characters(exclude_categories=["Cs"])), max_size=8), st.integers(1, 50))
def test_hashed_codes_are_the_blake2b_of_the_text(texts, buckets):
    transform = HashCodes(buckets=buckets)
    (codes,) = transform(np.array(texts, object))
    digests = [hashlib.blake2b((text or "").encode(), digest_size=8).digest() for text in texts]
    wanted = [2 + int.from_bytes(each, "little") % buckets for each in digests]
    assert codes.tolist() == [code if text else 0 for text, code in zip(texts, wanted, strict=True)]
    assert all(codes < transform.outputs("x")[0].size)


@given(
    st.lists(st.floats(-100, 100), min_size=1, max_size=5, unique=True).map(sorted),
    st.lists(st.floats(-200, 200) | st.just(float("nan")), max_size=20),
)
def test_each_edge_that_is_reached_adds_one(edges, values):
    transform = BucketCodes(edges=tuple(edges))
    (codes,) = transform(np.array([*values, *edges], float))
    wanted = [0 if isnan(value) else 2 + bisect_right(edges, value) for value in (*values, *edges)]
    assert codes.tolist() == wanted
    assert all(codes < transform.outputs("x")[0].size)


def test_numbers_behind_the_mask_are_missing():
    column = Masked(np.array([5.0, 5.0]), np.array([True, False]))
    assert BucketCodes(edges=(1.0,))(column)[0].tolist() == [3, 0]


def test_text_is_no_number():
    with pytest.raises(SchemaError, match="does not hold numbers"):
        BucketCodes(edges=(1.0,))(np.array(["5"], object))
