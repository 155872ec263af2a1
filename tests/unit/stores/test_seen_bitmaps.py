"""Bitmaps as they are written, against bitmaps as they are read."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.schema.column import offsets_of
from winnow.stores.seen_bitmaps import SeenBitmaps
from winnow.stores.seen_days import days_of, no_days, places, seen_among
from winnow.stores.seen_layout import SeenConfig, places_of, seen_levels

DAY_S = 86_400.0
CONFIG = SeenConfig(items_a_day=20, error_rate=0.05, days=3)
LEVELS = seen_levels(CONFIG)
HASHES = np.random.default_rng(7).integers(0, 2**63, 40_000, np.uint64) * np.uint64(2) + np.uint64(1)


def bitmaps(seen, today=3, config=CONFIG):
    """Pairs of item hash and day."""
    made = SeenBitmaps(days=config.days, levels=seen_levels(config))
    for item_hash, day in seen:
        made.add(int(item_hash), day * DAY_S + 5, today)
    return made


def asked(users, wanted, config=CONFIG):
    days = days_of(users)
    lengths = np.array([len(each) for each in wanted], np.int64)
    hashes = np.concatenate([np.empty(0, np.uint64), *wanted])
    return seen_among(days, seen_levels(config), hashes, offsets_of(lengths))


@pytest.mark.parametrize("level", LEVELS[:3])
def test_many_items_have_the_places_of_each(level):
    some = np.concatenate([HASHES[:50], np.array([0, 2**64 - 1, 2**32, 2**32 - 1], np.uint64)])
    assert places(level, some).T.tolist() == [places_of(level, int(each)) for each in some]


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(-2, 8)), max_size=150), st.integers(0, 6))
def test_what_was_seen_on_the_last_days_is_called_seen(seen, asked_on):
    made = bitmaps([(HASHES[item], day) for item, day in seen])
    near = {day for day in range(-2, 9) if abs(day - 3) < CONFIG.days and asked_on - CONFIG.days < day <= asked_on}
    answer = asked([made.until(asked_on)], [HASHES[:61]])
    assert all(answer[item] for item, day in seen if day in near)
    assert answer.sum() <= len({item for item, day in seen if day in near}) + 5


def test_each_user_is_asked_about_their_own_candidates():
    ann, bob = (bitmaps([(HASHES[item], 1)], 1).until(1) for item in (0, 1))
    answer = asked([ann, [], bob], [HASHES[[0, 1]], HASHES[[0]], HASHES[[1, 0]]])
    assert answer.tolist() == [True, False, False, True, False]
    assert not seen_among(no_days(2), LEVELS, HASHES[:4], np.array([0, 2, 4])).any()


@pytest.mark.parametrize("a_day", [20, 150])
def test_few_unseen_items_are_called_seen_however_much_was_seen(a_day):
    seen = [(HASHES[day * a_day + n], day) for day in range(3) for n in range(a_day)]
    made = bitmaps(seen, 2).until(2)
    assert asked([made], [HASHES[: 3 * a_day]]).all()
    assert asked([made], [HASHES[3 * a_day :]]).mean() <= CONFIG.error_rate


def test_what_was_seen_again_fills_nothing():
    once = bitmaps([(each, 0) for each in HASHES[:10]], 0).until(0)
    again = bitmaps([(each, 0) for _ in range(30) for each in HASHES[:10]], 0).until(0)
    assert once == again


def test_days_go_when_they_are_old_and_what_comes_too_late_is_not_kept():
    made = bitmaps([(HASHES[0], 0)], today=0)
    for item, day in ((1, 2), (2, 3), (3, 0)):
        made.add(int(HASHES[item]), day * DAY_S, 3)
    assert asked([made.until(3)], [HASHES[:4]]).tolist() == [False, True, True, False]
    assert asked([made.until(2)], [HASHES[:4]]).tolist() == [False, True, False, False]
    assert made.until(0) == []
