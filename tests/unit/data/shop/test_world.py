from dataclasses import replace

import numpy as np
import pytest

from winnow.data.shop.shop_spec import SIZES, Drift, ShopSpec
from winnow.data.shop.world import make_world


def test_people_are_one_and_the_same_without_drift():
    world = make_world(SIZES["tiny"])
    assert world.after is world.before
    assert world.people(13) is world.before
    assert not world.moments.rise.any()


def test_people_are_others_from_the_day_of_the_drift_on():
    world = make_world(replace(SIZES["tiny"], drift=Drift(day=6)))
    assert [world.people(day) is world.before for day in range(14)] == [True] * 6 + [False] * 8
    assert world.people(6) is world.after


@pytest.mark.parametrize(("share", "users"), [(0.0, 0), (0.02, 6), (0.5, 150), (1.0, 300)])
def test_as_many_users_are_logged_as_the_share_says(share, users):
    world = make_world(replace(SIZES["tiny"], logged=share))
    assert world.logged.sum() == users
    assert world.logged.shape == (300,)


def test_who_is_logged_has_nothing_to_do_with_who_comes_more_often():
    world = make_world(ShopSpec(users=20_000, items=40, days=2, visits=1, logged=0.5))
    activity = world.before.activity
    assert activity[world.logged].mean() == pytest.approx(activity[~world.logged].mean(), rel=0.04)
    assert 9_000 < world.logged[:18_900].sum() < 9_900


def test_a_world_with_drift_is_without_it_the_world_that_was_never_to_drift():
    spec = replace(SIZES["tiny"], drift=Drift(day=6))
    plain, undone = make_world(SIZES["tiny"]), make_world(spec).without_drift()
    assert undone.spec == plain.spec
    assert np.array_equal(undone.moments.rise, plain.moments.rise)
    assert np.array_equal(undone.people(13).likings, plain.before.likings)
    assert np.array_equal(undone.moments.fashion, plain.moments.fashion)
    assert make_world(spec).moments.rise.any()


def test_one_seed_gives_one_world_and_another_seed_another():
    one, same, other = (make_world(replace(SIZES["tiny"], seed=seed)) for seed in (5, 5, 6))
    for told in (
        lambda world: world.before.likings,
        lambda world: world.items.price,
        lambda world: world.moments.occasion,
        lambda world: world.moments.fashion,
    ):
        assert np.array_equal(told(one), told(same))
        assert not np.array_equal(told(one), told(other))
    half = [make_world(replace(SIZES["tiny"], seed=seed, logged=0.5)).logged for seed in (5, 5, 6)]
    assert np.array_equal(half[0], half[1])
    assert not np.array_equal(half[0], half[2])
