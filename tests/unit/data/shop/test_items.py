from dataclasses import fields, replace

import numpy as np
import pytest

from winnow.data.shop.items import (
    LATE_SHARE,
    NEVER,
    POPULARITY_EXPONENT,
    PROMOTED_SHARE,
    SOLD_OUT_SHARE,
    WITHDRAWN_SHARE,
    Items,
    make_items,
)
from winnow.data.shop.lexicon import CATEGORIES, CATEGORY_OF_STYLE, STYLE_NAMES
from winnow.data.shop.shop_spec import SIZES, ShopSpec

SPEC = ShopSpec(users=20, items=40_000, days=30, visits=1)


@pytest.fixture(scope="module")
def items() -> Items:
    return make_items(SPEC)


def near(share, wanted):
    return share == pytest.approx(wanted, abs=4.5 * (wanted * (1 - wanted) / SPEC.items) ** 0.5)


def test_the_catalogue_has_twenty_categories_and_eighty_four_styles():
    assert len(CATEGORIES) == len(set(CATEGORIES)) == 20
    assert len(STYLE_NAMES) == len(set(STYLE_NAMES)) == 84
    demo = make_items(SIZES["demo"])
    assert len(demo) == 2_465
    assert len(np.unique(demo.category)) == 20
    assert len(np.unique(demo.style)) == 84


def test_every_style_is_of_one_category_and_items_of_a_category_are_neighbours(items):
    assert np.array_equal(items.category, np.array(CATEGORY_OF_STYLE)[items.style])
    for category in range(20):
        mine = items.category[items.spans[category] : items.spans[category + 1]]
        assert set(mine.tolist()) == {category}
    assert items.spans[0] == 0
    assert items.spans[-1] == len(items)


@pytest.mark.parametrize("seed", range(5))
def test_the_smallest_shop_has_something_in_every_category_on_every_day(seed):
    small = make_items(ShopSpec(users=20, items=40, days=9, visits=1, seed=seed))
    for day in range(9):
        assert set(small.category[small.available(day)].tolist()) == set(range(20))


def test_prices_are_log_normal_around_a_level_of_their_style(items):
    level, residual = [], []
    for style in range(84):
        prices = np.log(items.price[items.style == style])
        level.append(prices.mean())
        residual.extend(prices - prices.mean())
    assert np.std(level) == pytest.approx(0.75, rel=0.25)
    assert np.mean(level) == pytest.approx(3.7, abs=4 * 0.75 / 84**0.5)
    assert np.std(residual) == pytest.approx(0.4, rel=0.03)
    scaled = np.array(residual) / np.std(residual)
    assert (scaled**3).mean() == pytest.approx(0, abs=0.06)
    assert (scaled**4).mean() == pytest.approx(3, abs=0.15)
    assert np.array_equal(items.price, np.round(items.price, 2))


def test_some_items_arrive_during_the_period_and_some_are_withdrawn(items):
    late, gone = items.arrives > 0, items.withdrawn < NEVER
    assert near(late.mean(), LATE_SHARE)
    assert (items.arrives[late].min(), items.arrives.max()) == (12, 28)
    assert near(gone[~late].mean(), WITHDRAWN_SHARE)
    assert not gone[late].any(), "nothing goes before it came"
    assert (items.withdrawn[gone].min(), items.withdrawn[gone].max()) == (15, 29)


def test_stock_runs_out_and_comes_back_after_one_to_four_days(items):
    out = items.sold_out < NEVER
    late = items.arrives > 0
    assert near(out[~late].mean(), SOLD_OUT_SHARE)
    assert not out[late].any(), "nothing is sold out before it came"
    assert np.unique((items.back - items.sold_out)[out]).tolist() == [1, 2, 3, 4]
    assert (items.back[~out] == NEVER).all()


def test_an_item_can_be_had_from_its_arrival_to_its_withdrawal_but_not_while_it_is_sold_out(items):
    for item in np.flatnonzero((items.arrives > 0) | (items.withdrawn < NEVER) | (items.sold_out < NEVER))[:300]:
        days = [
            items.arrives[item] <= day < items.withdrawn[item] and not items.sold_out[item] <= day < items.back[item]
            for day in range(30)
        ]
        assert [bool(items.available(day)[item]) for day in range(30)] == days


def test_promotions_last_three_to_five_days_and_take_a_fifth_off(items):
    promoted = items.promoted < NEVER
    assert near(promoted.mean(), PROMOTED_SHARE)
    assert np.unique((items.promotion_ends - items.promoted)[promoted]).tolist() == [3, 4, 5]
    on = items.on_promotion(10)
    assert np.array_equal(on, (items.promoted <= 10) & (items.promotion_ends > 10))
    assert items.shown_price(10)[on] == pytest.approx(0.8 * items.price[on], abs=0.006)
    assert np.array_equal(items.shown_price(10)[~on], items.price[~on])


def test_dearness_is_standard_where_nothing_is_promoted_and_lower_where_something_is(items):
    plain = replace(items, promoted=np.full(len(items), NEVER), promotion_ends=np.full(len(items), NEVER))
    assert plain.dearness(10).mean() == pytest.approx(0, abs=1e-4)
    assert plain.dearness(10).std() == pytest.approx(1, abs=1e-4)
    on = items.on_promotion(10)
    assert (items.dearness(10)[on] < plain.dearness(10)[on]).all()
    assert np.array_equal(items.dearness(10)[~on], plain.dearness(10)[~on])


def test_a_few_items_are_shown_very_often_and_those_that_please_more_often(items):
    ranks = np.arange(len(items)) + 4.0
    assert np.sort(items.weight)[::-1] == pytest.approx(ranks**-POPULARITY_EXPONENT)
    assert items.appeal.mean() == pytest.approx(0, abs=0.03)
    assert items.appeal.std() == pytest.approx(1, abs=0.02)
    top = np.argsort(-items.weight)[:2_000]
    assert items.appeal[top].mean() > 0.5
    assert (items.appeal[top] < 0).any()


def test_attributes_are_even_and_do_not_go_together(items):
    for name, number in (("colour", 12), ("material", 8), ("mood", 8), ("occasion", 6), ("pattern", 6)):
        counts = np.bincount(getattr(items, name), minlength=number)
        assert len(counts) == number
        assert np.abs(counts / SPEC.items - 1 / number).max() < 4.5 * (1 / number / SPEC.items) ** 0.5
    told = np.stack([items.colour, items.material, items.mood, items.pattern, items.shade, items.appeal])
    assert np.abs(np.corrcoef(told) - np.eye(6)).max() < 0.03
    assert items.shade.min() >= -1
    assert items.shade.max() <= 1
    for code, share in enumerate((0.17, 0.13, 0.70)):
        assert near((items.gender == code).mean(), share)


def test_items_depend_on_the_seed(items):
    again, other = make_items(SPEC), make_items(replace(SPEC, seed=1))
    assert all(np.array_equal(getattr(items, each.name), getattr(again, each.name)) for each in fields(Items))
    assert not np.array_equal(items.price, other.price)
