from collections import defaultdict
from dataclasses import replace

import numpy as np
import pytest

from winnow.data.shop.browse import HOME_AGAIN_SHARE, HOME_FIRST_SHARE, browse
from winnow.data.shop.click_model import NO_CODE, DayModel, probability
from winnow.data.shop.exposure import HOME, PAGE_SIZE, examination, exposure_of
from winnow.data.shop.visits import draw_visits

DAY = 4


@pytest.fixture(scope="module")
def model(demo):
    return DayModel(demo.world, DAY, demo.strength.scale, demo.strength.bias)


@pytest.fixture(scope="module")
def visits(demo):
    return draw_visits(demo.world, DAY, np.arange(3_000), np.ones(3_000, int), np.random.default_rng(1))


@pytest.fixture(scope="module")
def pages(demo, model, visits):
    return list(browse(model, exposure_of(demo.world, DAY), visits, np.random.default_rng(2)))


def test_a_visit_goes_on_for_its_pages_and_no_longer(pages, visits):
    assert [page.number for page in pages] == list(range(5))
    assert [len(page) for page in pages] == [(visits.pages > number).sum() for number in range(5)]
    assert all(page.items.shape == (len(page), PAGE_SIZE) for page in pages)


def test_each_page_remembers_the_last_three_clicks_of_the_pages_before_it(pages, demo):
    clicks = defaultdict(list)
    many = 0
    for page in pages:
        for visit in range(len(page)):
            last = clicks[visit][-3:]
            missing = [NO_CODE] * (3 - len(last))
            many += len(clicks[visit]) > 3
            for attribute, memory in (("style", page.occasion.styles), ("colour", page.occasion.colours)):
                codes = getattr(demo.world.items, attribute)
                assert memory[visit, 0].tolist() == missing + [int(codes[item]) for item in last]
        for visit, slot in np.argwhere(page.clicked):
            clicks[visit].append(int(page.items[visit, slot]))
    assert many > 20


def test_a_click_is_a_roll_below_the_chance_that_a_shown_item_is_looked_at_and_pleases(pages, model, visits):
    looked = examination()
    for page in pages:
        users = visits.user[: len(page), None]
        assert np.array_equal(page.chance, probability(model.logit(users, page.items, page.occasion)))
        assert np.array_equal(page.clicked, page.shown & (page.roll < looked * page.chance))
        assert page.roll.min() >= 0
        assert page.roll.max() < 1
    assert sum(page.clicked.sum() for page in pages) > 2_000


def test_an_item_that_the_page_has_already_leaves_its_slot_empty(pages):
    empty = 0
    for page in pages:
        for items, shown in zip(page.items[:300].tolist(), page.shown[:300].tolist(), strict=True):
            assert shown == [item not in items[:slot] for slot, item in enumerate(items)]
            empty += shown.count(False)
    assert empty > 50


def test_a_page_shows_all_or_what_the_visitor_came_for(pages, visits, demo):
    for page in pages:
        home = page.category == HOME
        assert np.array_equal(page.category[~home], visits.intent[: len(page)][~home])
        assert (demo.world.items.category[page.items[~home]] == page.category[~home, None]).all()
        wanted = HOME_AGAIN_SHARE if page.number else HOME_FIRST_SHARE
        assert home.mean() == pytest.approx(wanted, abs=4.5 * (wanted * (1 - wanted) / len(page)) ** 0.5)


def test_a_category_that_has_nothing_sends_the_visitor_home(demo, model, visits):
    world = demo.world
    gone = np.where(world.items.category == 3, 0, world.items.withdrawn).astype(np.int32)
    sold = exposure_of(replace(world, items=replace(world.items, withdrawn=gone)), DAY)
    for page in browse(model, sold, visits, np.random.default_rng(2)):
        assert (page.category[visits.intent[: len(page)] == 3] == HOME).all()
        assert not (world.items.category[page.items] == 3).any()


def test_the_memory_of_a_page_is_not_changed_by_the_next_one(demo, model, visits):
    going = browse(model, exposure_of(demo.world, DAY), visits, np.random.default_rng(2))
    first = next(going)
    before = first.occasion.styles.copy()
    next(going)
    assert first.clicked.any()
    assert np.array_equal(first.occasion.styles, before)


def test_no_visits_are_no_pages(demo, model):
    nobody = draw_visits(demo.world, DAY, np.arange(5), np.zeros(5, int), np.random.default_rng(4))
    assert list(browse(model, exposure_of(demo.world, DAY), nobody, np.random.default_rng(5))) == []
