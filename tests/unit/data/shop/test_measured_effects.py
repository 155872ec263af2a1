from dataclasses import replace

import pytest

from winnow.data.shop.calibration import Strength, calibrated
from winnow.data.shop.effects import LOGIT_SD, SHARES, Effects
from winnow.data.shop.measured_effects import measured_effects
from winnow.data.shop.shop_spec import SIZES
from winnow.data.shop.world import World, make_world

TWO_POINTS = 0.02


def demo(seed: int) -> World:
    return make_world(replace(SIZES["demo"], seed=seed))


def another_crowd(world: World) -> World:
    """The same shop, whose pilot crowd is another one."""
    return replace(world, spec=replace(world.spec, seed=world.spec.seed + 1_000))


@pytest.mark.parametrize("seed", [0, 1])
def test_every_effect_has_its_share_of_the_variance_to_two_points(seed):
    world = demo(seed)
    strength = calibrated(world)
    for crowd in (world, another_crowd(world)):
        shares = measured_effects(crowd, strength).shares
        assert list(shares) == list(SHARES)
        assert {name: share for name, share in shares.items() if abs(share - SHARES[name]) > TWO_POINTS} == {}


def test_an_effect_that_is_taken_away_is_gone_and_the_others_keep_their_variance():
    world = demo(0)
    world = replace(world, spec=replace(world.spec, effects=Effects().without("picture")))
    measured = measured_effects(world, calibrated(world))
    assert measured.variance["picture"] == measured.shares["picture"] == 0
    for name, share in SHARES.items():
        if name != "picture":
            assert measured.variance[name] == pytest.approx(share * LOGIT_SD**2, rel=0.02)
    assert measured.total == pytest.approx(0.9 * LOGIT_SD**2, rel=0.05)


def test_where_nothing_moves_clicks_all_shares_are_zero():
    world = make_world(SIZES["tiny"])
    measured = measured_effects(world, Strength(scale=dict.fromkeys(SHARES, 0.0), bias=-2.0))
    assert measured.shares == dict.fromkeys(SHARES, 0.0)
