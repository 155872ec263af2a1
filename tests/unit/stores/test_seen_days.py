import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.stores.seen_days import days_of, no_days, places, seen_among
from winnow.stores.seen_layout import SeenConfig, seen_levels

LEVELS = seen_levels(SeenConfig(items_a_day=1, days=64))[:3]
ENDS = [0, *((level.start + level.bits) // 8 for level in LEVELS)]
# Bitmaps that end anywhere, between levels above all, and of which most bits are set: items are seen by chance.
drawn_days = st.lists(st.tuples(st.sampled_from([*ENDS, 1, 2, 7, ENDS[1] + 1]), st.integers(0, 99)), max_size=64)


def packed(size, seed):
    return np.packbits(np.random.default_rng(seed).random(8 * size) < 0.9).tobytes()


def slow_seen(days, item_hash):
    """Bit by bit."""
    for day in days:
        for level in LEVELS:
            bits = [level.start + int(place) for place in places(level, np.array([item_hash], np.uint64))[:, 0]]
            if all(bit // 8 < len(day) and day[bit // 8] & 128 >> bit % 8 for bit in bits):
                return True
    return False


@given(users=st.lists(drawn_days, max_size=3), number=st.integers(0, 4))
def test_items_are_looked_up_on_all_days_at_once_as_if_one_by_one(users, number):
    days = [[packed(*each) for each in user] for user in users]
    item_hashes = np.random.default_rng(number).integers(0, 2**64, number * len(users), np.uint64)
    expected = [slow_seen(days[n // number], int(each)) for n, each in enumerate(item_hashes)]
    for first in (None, places(LEVELS[0], item_hashes)):
        seen = seen_among(days_of(days), LEVELS, item_hashes, number * np.arange(len(users) + 1), first)
        assert seen.tolist() == expected


@pytest.mark.parametrize("number", [1, 8, 9, 16, 17, 33, 64])
def test_the_first_and_the_last_of_many_days_count_like_any_other(number):
    (level, *_) = levels = seen_levels(SeenConfig(days=64))
    items = np.random.default_rng(0).integers(0, 2**64, number, np.uint64)
    days = np.zeros((number, level.bits), np.uint8)
    np.put_along_axis(days, places(level, items).T, 1, axis=1)
    bitmaps = [np.packbits(day).tobytes() for day in days]
    assert seen_among(days_of([bitmaps]), levels, items, np.array([0, number])).all()


def test_where_nothing_is_known_nothing_was_seen():
    items = np.arange(6, dtype=np.uint64)
    assert not seen_among(no_days(3), LEVELS, items, np.array([0, 2, 2, 6])).any()
