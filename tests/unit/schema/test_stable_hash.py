import hashlib

import numpy as np

from winnow.schema.stable_hash import stable_hash, stable_hashes

NAMES = ["", "item-1", "item-2", "été", "x" * 1_000]


def test_hashes_are_what_other_programs_would_make_of_the_names():
    """They stand in stores and in logs: a change of one bit would orphan these."""
    expected = [int.from_bytes(hashlib.blake2b(each.encode(), digest_size=8).digest(), "little") for each in NAMES]
    found = stable_hashes(NAMES)
    assert found.dtype == np.uint64
    assert found.tolist() == expected
    assert stable_hash("item-1") == 8406168460641299428


def test_one_name_has_the_hash_that_it_has_among_many():
    assert [stable_hash(each) for each in NAMES] == stable_hashes(NAMES).tolist()


def test_no_names_have_no_hashes():
    assert stable_hashes([]).shape == (0,)
