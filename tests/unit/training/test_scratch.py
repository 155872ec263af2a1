"""Arrays in files without a name."""

import errno
import gc
from pathlib import Path

import numpy as np
import pytest

from tests.unit.training.in_files import lies_in_a_file
from winnow.schema.errors import DataError
from winnow.training import scratch
from winnow.training.scratch import Scratch, pieces, slices

OPEN = Path("/proc/self/fd")


def test_an_array_lies_in_a_file_that_is_nowhere_to_be_seen(tmp_path):
    made = Scratch(folder=tmp_path).empty((300, 4), np.float32)
    assert type(made) is np.ndarray
    assert (made.shape, made.dtype, made.any()) == ((300, 4), np.dtype(np.float32), False)
    assert lies_in_a_file(made)
    assert list(tmp_path.iterdir()) == []
    made[7] = 1
    assert made.sum() == 4
    assert not lies_in_a_file(np.zeros(3))


@pytest.mark.skipif(not OPEN.is_dir(), reason="open files are told there alone")
def test_the_file_goes_with_the_last_array_that_refers_to_it(tmp_path):
    def open_files():
        return sum(str(tmp_path) in str(each.readlink()) for each in OPEN.iterdir() if each.is_symlink())

    part = Scratch(folder=tmp_path).empty((300,), np.int64)[10:20]
    gc.collect()
    assert open_files() == 1
    part[0] = 5
    del part
    gc.collect()
    assert open_files() == 0


def test_nothing_takes_no_file():
    assert Scratch().empty((0, 3), np.int32).shape == (0, 3)
    assert Scratch().empty((5, 0), np.int32).shape == (5, 0)


def test_columns_are_their_pieces_one_after_the_other(tmp_path):
    parts = [{"one": np.arange(start, start + 3), "wide": np.full((3, 2), start, np.float32)} for start in (0, 3, 6)]
    found = Scratch(folder=tmp_path).columns(9, iter(parts))
    assert found["one"].tolist() == list(range(9))
    assert found["wide"].tolist() == [[float(start)] * 2 for start in (0, 0, 0, 3, 3, 3, 6, 6, 6)]
    assert {name: each.dtype for name, each in found.items()} == {"one": np.int64, "wide": np.float32}
    assert all(map(lies_in_a_file, found.values()))


def test_columns_may_be_empty():
    assert Scratch().columns(0, [{"none": np.empty((0, 2), np.int32)}])["none"].shape == (0, 2)


def test_rows_come_some_at_a_time_and_all_of_them():
    assert [*slices(3, 10, 3)] == [slice(3, 6), slice(6, 9), slice(9, 10)]
    assert [*slices(4, 4)] == [slice(4, 4)]
    rows = np.random.default_rng(0).permutation(2 * scratch.ROWS_AT_ONCE + 5)
    parts = [*pieces(rows)]
    assert [len(each) for each in parts] == [scratch.ROWS_AT_ONCE, scratch.ROWS_AT_ONCE, 5]
    np.testing.assert_array_equal(np.concatenate(parts), rows)


def test_a_full_disk_is_told_before_anything_is_written(tmp_path, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(scratch, "_reserve", full)
    said = rf"no room for 2,400 bytes of training rows in {tmp_path} \(No space left on device\); make some"
    with pytest.raises(DataError, match=said):
        Scratch(folder=tmp_path).empty((300,), np.float64)


@pytest.mark.parametrize("refused", [AttributeError("posix_fallocate"), OSError(errno.EOPNOTSUPP, "not here")])
def test_where_room_cannot_be_reserved_files_are_made_all_the_same(tmp_path, monkeypatch, refused):
    def refuse(*_):
        raise refused

    monkeypatch.setattr(scratch.os, "posix_fallocate", refuse)
    made = Scratch(folder=tmp_path).empty((300,), np.float64)
    made[299] = 1
    assert made.sum() == 1
