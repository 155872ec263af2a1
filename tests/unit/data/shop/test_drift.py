from dataclasses import replace

import numpy as np
import pytest

from tests.unit.data.shop.simulated import Simulated
from winnow.data.shop.calibration import Strength
from winnow.data.shop.day_log import day_log
from winnow.data.shop.exposure import exposure_of
from winnow.data.shop.lexicon import CATEGORY_OF_STYLE
from winnow.data.shop.shop_spec import Drift, ShopSpec
from winnow.data.shop.world import make_world
from winnow.schema.errors import DataError

DAY = 5
SPEC = ShopSpec(users=2_000, items=400, days=10, visits=1, seed=1)
NOTHING = Drift(day=DAY, users=0, category_rise=0, mobile=0)


@pytest.fixture(scope="module")
def plain() -> Simulated:
    return Simulated.of(SPEC)


@pytest.fixture(scope="module")
def drifted() -> Simulated:
    return Simulated.of(replace(SPEC, drift=Drift(day=DAY)))


def with_drift(plain, drift) -> Simulated:
    return Simulated.of(replace(SPEC, drift=drift), plain.strength)


def same(one, other):
    return all(
        np.array_equal(mine, getattr(other, table)[name], equal_nan=mine.dtype.kind == "f")
        for table in ("events", "impressions", "visitors")
        for name, mine in getattr(one, table).items()
    )


def test_effects_are_as_strong_in_a_shop_with_drift_as_in_one_without(plain, drifted):
    assert drifted.strength == plain.strength


def test_before_its_day_every_row_is_the_same_as_without_drift(plain, drifted):
    assert [same(plain.logs[day], drifted.logs[day]) for day in range(10)] == [True] * DAY + [False] * (10 - DAY)


def test_a_drift_of_nothing_is_no_drift(plain):
    nothing = with_drift(plain, NOTHING)
    assert all(same(plain.logs[day], nothing.logs[day]) for day in range(10))


def risen(world):
    """The category that rises."""
    return CATEGORY_OF_STYLE[int(np.flatnonzero(world.moments.rise[DAY])[0])]


def click_shares(shop, category, *, after):
    """Of the clicks and of the impressions, what belongs to a category."""
    rows = shop.impressions
    mine = (rows["day"] >= DAY) == after
    here = shop.world.items.category[rows["item"][mine]] == category
    clicked = rows["clicked"][mine]
    return here[clicked].mean(), here.mean(), clicked[here].mean()


def test_the_risen_category_gets_more_clicks_is_shown_more_and_pleases_more(plain, drifted):
    category = risen(drifted.world)
    usual, shown, rate = click_shares(plain, category, after=True)
    more, shown_more, better = click_shares(drifted, category, after=True)
    assert more > 2 * usual > 0
    assert shown_more > 1.2 * shown
    assert better > 1.5 * rate
    assert click_shares(drifted, category, after=False) == click_shares(plain, category, after=False)


def test_the_rise_is_so_many_logits_from_its_day_on_for_one_category_only(drifted):
    rise = drifted.world.moments.rise
    mine = np.array(CATEGORY_OF_STYLE) == risen(drifted.world)
    assert not rise[:DAY].any()
    assert np.array_equal(rise[DAY:], np.where(mine, 1.5, 0) * np.ones((5, 1)))


def device_mix(shop, *, after):
    rows = shop.impressions
    sessions, place = np.unique(rows["session"][(rows["day"] >= DAY) == after], return_index=True)
    return np.bincount(rows["device"][(rows["day"] >= DAY) == after][place], minlength=3) / len(sessions)


def test_more_visits_are_made_on_mobile_phones_after_it(plain, drifted):
    own, usual = 0.8, device_mix(plain, after=True)[0]
    wanted = usual + own * 0.3 * 0.4
    assert device_mix(drifted, after=True)[0] == pytest.approx(wanted, abs=0.02)
    assert device_mix(drifted, after=False).tolist() == device_mix(plain, after=False).tolist()


def test_a_share_of_users_likes_other_things_after_it(drifted):
    changed = (drifted.world.after.likings != drifted.world.before.likings).any(axis=1)
    assert changed.mean() == pytest.approx(0.3, abs=0.045)


def test_users_alone_may_drift(plain):
    shop = with_drift(plain, replace(NOTHING, users=0.5))
    assert np.array_equal(shop.world.after.device, shop.world.before.device)
    assert not shop.world.moments.rise.any()
    assert np.array_equal(exposure_of(shop.world, 8).share, exposure_of(plain.world, 8).share)
    changed = (shop.world.after.likings != shop.world.before.likings).any(axis=1)
    pages = [of_users(each.logs[DAY].impressions, ~changed) for each in (plain, shop)]
    assert all(np.array_equal(*each) for each in zip(*pages, strict=True))
    assert not same(plain.logs[DAY], shop.logs[DAY])
    assert same(plain.logs[DAY - 1], shop.logs[DAY - 1])


def of_users(rows, users):
    """What some of the users were shown first in each visit."""
    mine = (rows["user"] >= 0) & users[rows["user"]] & (rows["page_number"] == 0)
    assert mine.sum() > 4_000
    return [rows[name][mine] for name in ("user", "session", "item", "at", "position")]


def test_devices_alone_may_drift(plain):
    shop = with_drift(plain, replace(NOTHING, mobile=1))
    assert np.array_equal(shop.world.after.likings, shop.world.before.likings)
    assert not shop.world.moments.rise.any()
    assert device_mix(shop, after=True)[0] == pytest.approx(0.8 + 0.2 / 3, abs=0.01)
    assert np.array_equal(shop.logs[DAY - 1].impressions["device"], plain.logs[DAY - 1].impressions["device"])


def test_a_category_alone_may_rise_or_fall(plain):
    up, down = (with_drift(plain, replace(NOTHING, category_rise=rise)) for rise in (1.5, -1.5))
    for shop in (up, down):
        assert np.array_equal(shop.world.after.likings, shop.world.before.likings)
        assert np.array_equal(shop.world.after.device, shop.world.before.device)
    usual = click_shares(plain, risen(up.world), after=True)[0]
    assert click_shares(up, risen(up.world), after=True)[0] > 1.5 * usual
    assert click_shares(down, risen(up.world), after=True)[0] < usual / 1.5


def test_a_drift_on_the_last_or_on_the_first_possible_day_is_one():
    for day in (1, 9):
        world = make_world(replace(SPEC, drift=Drift(day=day)))
        strength = Strength(scale=dict.fromkeys(SPEC.effects, 0.5), bias=-2.0)
        plain = make_world(SPEC)
        assert same(day_log(plain, strength, day - 1), day_log(world, strength, day - 1))
        assert not same(day_log(plain, strength, day), day_log(world, strength, day))


@pytest.mark.parametrize("drift", [{"day": 0}, {"day": 3, "users": 1.1}, {"day": 3, "mobile": -0.1}])
def test_a_drift_that_cannot_be_is_refused(drift):
    with pytest.raises(DataError, match="is wanted"):
        Drift(**drift)


def test_a_drift_after_the_last_day_is_refused():
    with pytest.raises(DataError, match="The drift is on day 10, but the shop has days 0 to 9"):
        replace(SPEC, drift=Drift(day=10))
