"""A recipe's parts fit together, or it is refused."""

import pytest

from winnow.data.leave_out import LeaveLastOut
from winnow.data.shop.shop_spec import SIZES
from winnow.data.shop.simulate import simulate
from winnow.data.split import TimeSplit
from winnow.recipes.config import Config
from winnow.schema.errors import DataError, RecipeError


@pytest.fixture(scope="module")
def dataset():
    return simulate(SIZES["tiny"])


@pytest.mark.parametrize("seed", [-1, 0.5])
def test_a_seed_that_no_generator_takes_is_refused(seed):
    with pytest.raises(RecipeError, match=f"'mine' has the seed {seed}; a whole number from 0"):
        Config(name="mine", seed=seed)


@pytest.mark.parametrize("days", [0, -1.0, float("nan"), float("inf"), "7"])
def test_days_that_nothing_can_be_held_out_for_are_refused(days):
    with pytest.raises(RecipeError, match=f"'mine' holds out {days!r} days; a finite number above 0"):
        Config(name="mine", holdout_days=days)


@pytest.mark.parametrize("events", [0, -2, 1.5, True])
def test_events_that_cannot_be_left_out_are_refused(events):
    with pytest.raises(RecipeError, match=f"'mine' leaves out {events!r} events of every user; a whole number from 1"):
        Config(name="mine", leave_out=events)


def test_a_recipe_cuts_time_unless_it_leaves_events_out(dataset):
    assert isinstance(Config(name="mine", holdout_days=3.0).split(dataset), TimeSplit)
    assert Config(name="mine", leave_out=2).split(dataset) == LeaveLastOut(events=2)


def test_a_data_set_of_too_short_histories_cannot_be_left_out(dataset):
    with pytest.raises(DataError, match="Nobody has 1001 positive events"):
        Config(name="mine", leave_out=1000).split(dataset)
