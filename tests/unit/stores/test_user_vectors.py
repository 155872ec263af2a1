import numpy as np
import pytest

from winnow.stores.user_vectors import UserVectors

VECTORS = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]], np.float32)
KNOWN = UserVectors(user_ids=("ann", "böb", "cid"), vectors=VECTORS)
NOBODY = UserVectors(user_ids=(), vectors=np.empty((0, 2), np.float32))


def test_each_user_gets_the_own_vector_and_strangers_nothing():
    found = KNOWN.read(["cid", "", "ann", "zoe", "cid"])
    assert found.tolist() == [[5, 6], [0, 0], [1, 2], [0, 0], [5, 6]]
    assert found.dtype == np.float32


def test_nobody_asked_gives_no_rows_of_the_right_width():
    assert KNOWN.read([]).shape == (0, 2)


def test_what_was_read_may_be_written_to_without_harm():
    KNOWN.read(["ann", "böb", "cid"])[:] = -1
    assert KNOWN.vectors.tolist() == [[1, 2], [3, 4], [5, 6]]


def test_repeated_users_are_refused_with_numbers():
    with pytest.raises(ValueError, match=r"3 user ids, of which 2 differ, have 3 vectors; each user has one\."):
        UserVectors(user_ids=("ann", "bob", "ann"), vectors=VECTORS)


@pytest.mark.parametrize("count", [2, 4])
def test_users_without_a_vector_and_vectors_without_a_user_are_refused_with_numbers(count: int):
    with pytest.raises(ValueError, match=f"{count} user ids, of which {count} differ, have 3 vectors"):
        UserVectors(user_ids=tuple("abcd"[:count]), vectors=VECTORS)


@pytest.mark.parametrize("vectors", [KNOWN, NOBODY], ids=["some", "nobody"])
def test_what_is_saved_is_loaded_as_it_was(tmp_path, vectors: UserVectors):
    vectors.save(tmp_path)
    loaded = UserVectors.load(tmp_path)
    assert loaded.user_ids == vectors.user_ids
    np.testing.assert_array_equal(loaded.vectors, vectors.vectors)
    assert loaded.vectors.dtype == np.float32
    assert loaded.read(["böb", "zoe"]).tolist() == vectors.read(["böb", "zoe"]).tolist()


def test_where_nobody_is_known_all_are_strangers():
    assert NOBODY.read(["ann", "zoe"]).tolist() == [[0, 0], [0, 0]]
