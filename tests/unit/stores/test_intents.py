"""What users come for, written and read."""

import numpy as np

from winnow.stores.intents import Intents
from winnow.stores.user_vectors import UserVectors

INTENTS = Intents(
    columns=np.array([1, 3]),
    starts=np.array([0, 4]),
    users=UserVectors(user_ids=("ann", "bo\u00df"), vectors=np.arange(14, dtype=np.float32).reshape(2, 7)),
)


NOBODY = UserVectors(user_ids=(), vectors=np.empty((0, 0), np.float32))


def test_kinds_are_places_in_the_vector_of_a_user():
    codes = np.array([[9, 0, 8, 2], [9, 3, 8, 0]], np.int32)
    assert INTENTS.kinds(codes).tolist() == [[0, 6], [3, 4]]
    assert INTENTS.width == 2


def test_what_is_written_is_read(tmp_path):
    INTENTS.save(tmp_path)
    read = Intents.load(tmp_path)
    assert read.columns.tolist() == [1, 3]
    assert read.starts.tolist() == [0, 4]
    np.testing.assert_array_equal(
        read.users.read(["bo\u00df", "nobody", "ann"]), INTENTS.users.read(["bo\u00df", "", "ann"])
    )


def test_no_kinds_are_no_numbers():
    none = Intents(columns=np.empty(0, np.int64), starts=np.empty(0, np.int64), users=NOBODY)
    assert none.kinds(np.zeros((3, 2), np.int32)).shape == (3, 0)
