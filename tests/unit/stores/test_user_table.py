import numpy as np
import pytest

from winnow.stores.user_table import UserTable

CODES = np.array([[2, 3], [4, 5], [0, 0]], np.int32)
VALUES = np.array([[0.5], [1.5], [9.0]], np.float32)
TABLE = UserTable(user_ids=("ann", "bob"), codes=CODES, values=VALUES)


def test_each_user_gets_the_own_row_and_strangers_the_last():
    codes, values = TABLE.read(["bob", "", "ann", "zoe", "bob"])
    assert codes.tolist() == CODES[[1, 2, 0, 2, 1]].tolist()
    assert values.tolist() == VALUES[[1, 2, 0, 2, 1]].tolist()
    assert (codes.dtype, values.dtype) == (np.int32, np.float32)


def test_nobody_asked_gives_no_rows_of_the_right_width():
    codes, values = TABLE.read([])
    assert (codes.shape, values.shape) == ((0, 2), (0, 1))


def test_what_was_read_may_be_written_to_without_harm():
    TABLE.read(["ann"])[0][:] = -1
    assert TABLE.codes.tolist() == CODES.tolist()


def test_a_saved_table_is_loaded_as_it_was(tmp_path):
    TABLE.save(tmp_path)
    loaded = UserTable.load(tmp_path)
    assert loaded.user_ids == TABLE.user_ids
    np.testing.assert_array_equal(loaded.codes, CODES)
    np.testing.assert_array_equal(loaded.values, VALUES)


def test_repeated_users_and_missing_rows_are_refused():
    with pytest.raises(ValueError, match="1 of 2 user ids repeat"):
        UserTable(user_ids=("ann", "ann"), codes=CODES, values=VALUES)
    with pytest.raises(ValueError, match="need 3 rows; there are 2 rows of codes and 3 of values"):
        UserTable(user_ids=("ann", "bob"), codes=CODES[:2], values=VALUES)
