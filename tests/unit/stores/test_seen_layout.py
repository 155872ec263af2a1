import math
from itertools import pairwise

import pytest

from winnow.schema.errors import RecipeError
from winnow.stores.seen_layout import SeenConfig, places_of, seen_day, seen_levels

LEVELS = seen_levels(SeenConfig())


def test_levels_lie_one_behind_the_other_on_whole_bytes_and_hold_twice_as_much_each_time():
    for before, after in pairwise(LEVELS):
        assert after.start == before.start + before.bits
        assert after.start % 8 == after.bits % 8 == 0
        items = [level.bits * math.log(2) / level.hashes for level in (before, after)]
        assert items[1] == pytest.approx(2 * items[0], rel=0.01)


@pytest.mark.parametrize("config", [SeenConfig(), SeenConfig(error_rate=0.2, days=1), SeenConfig(days=30)])
def test_all_levels_of_all_days_together_stay_below_the_stated_rate(config):
    each_day = sum(2.0**-level.hashes for level in seen_levels(config))
    assert config.days * each_day <= config.error_rate


def test_a_day_of_the_default_takes_about_a_third_of_a_kilobyte():
    assert 320 < LEVELS[0].bits / 8 < 380


def test_an_item_sets_different_bits_inside_its_level():
    for level in LEVELS:
        places = places_of(level, 0xDEAD_BEEF_0000_0007)
        assert len(places) == level.hashes
        assert len(set(places)) > level.hashes - 3
        assert all(0 <= place < level.bits for place in places)


def test_a_day_begins_at_midnight_of_greenwich():
    assert [seen_day(at) for at in (-0.5, 0.0, 86_399.9, 86_400.0)] == [-1, 0, 0, 1]


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ({"items_a_day": 0}, "items_a_day"),
        ({"error_rate": 1.0}, "error_rate"),
        ({"days": 65}, "days"),
        ({"d": 1}, "'d'"),
    ],
)
def test_a_filter_that_cannot_be_is_a_sentence(values, named):
    with pytest.raises(RecipeError, match=named):
        SeenConfig.from_dict(values)
