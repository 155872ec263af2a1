from dataclasses import replace

import numpy as np
import pytest

from tests.unit.data.shop.simulated import Simulated
from winnow.data.shop.exposure import HOME, PAGE_SIZE, category_pull, examination, exposure_of
from winnow.data.shop.lexicon import CATEGORIES
from winnow.data.shop.shop_spec import SIZES, ShopSpec
from winnow.data.shop.world import make_world

PAGES = (HOME, *range(len(CATEGORIES)))
ALMOST_ONE = np.nextafter(1.0, 0.0)
SIGMAS = 4.5


@pytest.fixture(scope="module")
def busy() -> Simulated:
    """A day or two with very many visits in a small shop."""
    return Simulated.of(ShopSpec(users=4_000, items=120, days=2, visits=4, seed=2))


def test_shares_sum_to_one_over_what_can_be_had(tiny):
    for day in range(14):
        share, available = exposure_of(tiny.world, day).share, tiny.world.items.available(day)
        assert share.sum() == pytest.approx(1)
        assert (share[available] > 0).all()
        assert not share[~available].any()
    assert not all(tiny.world.items.available(day).all() for day in range(14))


def test_the_policy_is_popularity_times_fashion_and_promotion_and_a_tenth_of_chance():
    world = make_world(replace(SIZES["tiny"], seed=4))
    items, day = world.items, 6
    weight = []
    for item in range(len(items)):
        fashion = np.exp(0.7 * world.moments.fashion[day, items.style[item]])
        promoted = items.promoted[item] <= day < items.promotion_ends[item]
        here = items.available(day)[item]
        weight.append(items.weight[item] * fashion * (2 if promoted else 1) if here else 0.0)
    chance = items.available(day) / items.available(day).sum()
    wanted = 0.9 * np.array(weight) / sum(weight) + 0.1 * chance
    assert exposure_of(world, day).share == pytest.approx(wanted, rel=1e-6)
    assert items.on_promotion(day).any()


def test_propensities_of_a_page_sum_to_one_over_the_items_that_belong_on_it(tiny):
    exposure, rows = exposure_of(tiny.world, 5), np.arange(120)
    for page in PAGES:
        mine = rows if page == HOME else rows[tiny.world.items.category == page]
        assert exposure.has(np.array([page])).all()
        assert exposure.propensity(np.full(len(mine), page), mine).sum() == pytest.approx(1)


def test_even_uniforms_draw_every_item_as_often_as_its_propensity_says(tiny):
    exposure, number = exposure_of(tiny.world, 5), 20_000
    for page in PAGES:
        drawn = exposure.draw(np.array([page]), (np.arange(number) + 0.5) / number)
        counts = np.bincount(drawn, minlength=120)
        mine = np.full(120, page == HOME) | (tiny.world.items.category == page)
        wanted = np.where(mine, number * exposure.propensity(np.full(120, page), np.arange(120)), 0)
        assert np.abs(counts - wanted).max() <= 1


def test_the_smallest_and_the_largest_uniform_draw_something_that_can_be_had_on_that_page(demo):
    for day in range(28):
        exposure, available = exposure_of(demo.world, day), demo.world.items.available(day)
        for uniform in (0.0, 1e-300, ALMOST_ONE):
            drawn = exposure.draw(np.array(PAGES), np.full(len(PAGES), uniform))
            assert available[drawn].all()
            assert demo.world.items.category[drawn[1:]].tolist() == list(PAGES[1:])


def test_nothing_is_shown_that_is_sold_out_withdrawn_or_not_there_yet(demo):
    rows, items = demo.impressions, demo.world.items
    for day in range(28):
        shown = np.bincount(rows["item"][rows["day"] == day], minlength=len(items)) > 0
        absent = (items.arrives > day) | (items.withdrawn <= day) | ((items.sold_out <= day) & (day < items.back))
        assert absent.sum() > 10
        assert not (shown & absent).any()


def test_items_come_back_and_arrive_and_are_shown_then(demo):
    rows, items = demo.impressions, demo.world.items
    first = np.full(len(items), 99)
    np.minimum.at(first, rows["item"], rows["day"])
    late = np.flatnonzero((items.arrives > 0) & (items.arrives < 24) & (items.withdrawn > 28))
    assert (first[late] >= items.arrives[late]).all()
    assert (first[late] < 99).mean() > 0.9
    back = np.flatnonzero((items.back > items.arrives) & (items.back < 24) & (items.withdrawn > 28))
    again = [(rows["day"][rows["item"] == item] >= items.back[item]).any() for item in back]
    assert len(back) > 100
    assert np.mean(again) > 0.95


def pages_of(rows):
    """One number for each page of each visit."""
    return np.unique(rows["session"] * 8 + rows["page_number"], return_inverse=True)[1]


def test_no_item_and_no_position_stands_twice_on_a_page_and_what_stands_there_belongs_there(demo):
    rows = demo.impressions
    pages = pages_of(rows)
    for what in ("item", "position"):
        assert len(np.unique(pages * 10_000 + rows[what])) == len(pages)
    assert rows["position"].min() == 1
    assert rows["position"].max() == PAGE_SIZE
    away = rows["page"] != HOME
    assert np.array_equal(demo.world.items.category[rows["item"][away]], rows["page"][away])


def test_the_first_slot_of_every_page_is_filled(demo):
    assert (demo.impressions["position"] == 1).sum() == pages_of(demo.impressions).max() + 1


def test_the_logged_propensity_is_the_frequency_with_which_free_items_fill_a_slot(busy):
    rows = {name: values[busy.impressions["day"] == 0] for name, values in busy.impressions.items()}
    pages, worst, squares = pages_of(rows), [], []
    assert len(pages) > 150_000
    for page in PAGES:
        mine = rows["page"] == page
        of_kind = np.unique(pages[mine])
        for item in np.unique(rows["item"][mine]):
            shown = mine & (rows["item"] == item)
            propensity = np.unique(rows["propensity"][shown])
            assert len(propensity) == 1
            p = float(propensity[0])
            slots = PAGE_SIZE * len(of_kind) - (PAGE_SIZE - rows["position"][shown].astype(int)).sum()
            z = (shown.sum() - slots * p) / (slots * p * (1 - p) + 1e-9) ** 0.5 if p < 1 else 0.0
            worst.append(abs(z))
            squares.append(z**2)
    assert len(worst) > 200
    assert max(worst) < SIGMAS
    assert np.mean(squares) == pytest.approx(1, abs=0.25)


def test_clicks_by_position_over_the_mean_chance_there_are_the_examination(demo):
    rows, chance = demo.impressions, 1 / (1 + np.exp(-demo.logit()))
    for place, looked in enumerate(examination().tolist()):
        here = rows["position"] == place + 1
        error = (looked * chance[here] * (1 - looked * chance[here])).sum() ** 0.5 / chance[here].sum()
        assert error < 0.01
        assert rows["clicked"][here].sum() / chance[here].sum() == pytest.approx(looked, abs=SIGMAS * error)


def test_the_first_slot_is_always_looked_at_and_the_last_one_little_more_than_half_as_often():
    assert examination().tolist() == pytest.approx([1 / (1 + 0.12 * place) for place in range(8)])


def test_categories_pull_by_the_weight_of_what_they_offer(tiny):
    items = tiny.world.items
    wanted = [items.weight[items.category == each].sum() / items.weight.sum() for each in range(20)]
    assert category_pull(items) == pytest.approx(wanted)
    assert sum(wanted) == pytest.approx(1)
