import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from winnow.features.output import Output
from winnow.features.tail_codes import TailCodes
from winnow.schema.stable_hash import stable_hashes

TEXTS = st.lists(st.none() | st.text(st.characters(exclude_categories=["Cs"]), max_size=3), max_size=12)


def test_missing_known_and_tail_have_codes_of_their_own():
    transform = TailCodes(known=("b", "a"), tail_buckets=1)
    (codes,) = transform(np.array(["a", "z", None, "b", "", "y"], object))
    assert codes.tolist() == [2, 3, 0, 1, 0, 3]
    assert codes.dtype == np.int32
    assert transform.outputs("colour") == (Output("colour", "code", 4),)


@given(TEXTS, st.lists(st.sampled_from(["a", "b", "c"]), unique=True), st.integers(1, 40))
def test_the_tail_is_coded_by_the_stable_hash_above_the_known(texts, known, buckets):
    transform = TailCodes(known=tuple(known), tail_buckets=buckets)
    (codes,) = transform(np.array([*texts, None], object)[:-1])
    slow = [
        0 if not text else 1 + known.index(text) if text in known else 1 + len(known) + hashed(text, buckets)
        for text in texts
    ]
    assert codes.tolist() == slow
    assert all(codes < transform.outputs("x")[0].size)


def hashed(text, buckets):
    return int(stable_hashes([text])[0]) % buckets


def test_no_rows_give_no_codes():
    (codes,) = TailCodes(known=(), tail_buckets=3)(np.zeros(0))
    assert (codes.shape, codes.dtype) == ((0,), np.int32)
