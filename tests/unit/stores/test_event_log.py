import numpy as np
import pytest

from winnow.schema.errors import DataError
from winnow.stores.event_log import EventLog

HASHES = np.array([2**64 - 1, 7, 8, 9], np.uint64)
TYPES = np.array([1, 2, 3, 1], np.int8)
AT = np.array([3.0, 1.0, 3.0, 2.0])
LOG = EventLog.of(["bob", "ünal", "bob", "bob"], HASHES, TYPES, AT)


def test_events_lie_by_user_and_time_and_ties_stay_in_the_given_order():
    assert LOG.user_ids == ("bob", "ünal")
    assert LOG.offsets.tolist() == [0, 3, 4]
    assert LOG.at.tolist() == [2.0, 3.0, 3.0, 1.0]
    assert LOG.item_hashes.tolist() == [9, 2**64 - 1, 8, 7]
    assert LOG.types.tolist() == [1, 1, 3, 2]


def test_events_are_counted_by_user():
    assert [LOG.count(user_id) for user_id in ("bob", "ünal", "zoe", "")] == [3, 1, 0, 0]


@pytest.mark.parametrize("log", [LOG, EventLog.of([], HASHES[:0], TYPES[:0], AT[:0])], ids=["some", "none"])
def test_a_saved_log_is_loaded_as_it_was(tmp_path, log):
    log.save(tmp_path)
    loaded = EventLog.load(tmp_path)
    assert loaded.user_ids == log.user_ids
    for name in ("offsets", "item_hashes", "types", "at"):
        expected, found = getattr(log, name), getattr(loaded, name)
        assert found.dtype == expected.dtype
        np.testing.assert_array_equal(found, expected)


def test_the_same_log_is_saved_as_the_same_bytes(tmp_path):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        LOG.save(tmp_path / name)
    assert (tmp_path / "one" / "events.npz").read_bytes() == (tmp_path / "two" / "events.npz").read_bytes()


def test_events_of_nobody_are_refused_with_their_number():
    with pytest.raises(DataError, match=r"2 of 4 events have an empty user id, the first at 1\.0"):
        EventLog.of(["bob", "", "bob", ""], HASHES, TYPES, AT)


def test_events_without_a_time_are_refused_with_their_number():
    with pytest.raises(DataError, match="1 of 4 events have no finite time, the first is event 2"):
        EventLog.of(["bob"] * 4, HASHES, TYPES, np.array([1.0, 2.0, np.nan, 3.0]))
