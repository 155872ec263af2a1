import operator
from collections import Counter
from dataclasses import fields, replace
from functools import reduce

import numpy as np
import pytest

from winnow.data.shop.calibration import Strength
from winnow.data.shop.day_log import DAY_S, DayLog, day_log
from winnow.data.shop.effects import SHARES
from winnow.data.shop.outcomes import CART, CLICK, OUTCOMES, PURCHASE
from winnow.data.shop.shop_spec import SIZES, Drift
from winnow.data.shop.tally import Tally, day_tally, empty_tally, first_day_of_last_quarter
from winnow.data.shop.world import World, make_world

STRENGTH = Strength(scale=dict.fromkeys(SHARES, 0.5), bias=-1.0)


@pytest.fixture(scope="module")
def world() -> World:
    return make_world(replace(SIZES["tiny"], logged=0.6, seed=5, drift=Drift(day=8)))


@pytest.fixture(scope="module")
def logs(world) -> list[DayLog]:
    return [day_log(world, STRENGTH, day) for day in range(world.spec.days)]


@pytest.fixture(scope="module")
def tally(world, logs) -> Tally:
    total = empty_tally(world)
    for day, log in enumerate(logs):
        total = total.add(day, log, world)
    return total


def rows(columns):
    names = list(columns)
    return [
        dict(zip(names, values, strict=True))
        for values in zip(*(columns[name].tolist() for name in names), strict=True)
    ]


def same(one, other) -> bool:
    return all(np.array_equal(getattr(one, each.name), getattr(other, each.name)) for each in fields(Tally))


def test_events_are_counted_by_type(tally, logs):
    counts = Counter(row["type"] for log in logs for row in rows(log.events))
    assert tally.events.tolist() == [counts[code] for code in range(len(OUTCOMES))]
    assert tally.clicks == counts[CLICK] > 500


def test_impressions_and_their_clicks_are_counted_by_device_hour_and_position(tally, logs):
    shown, clicked = Counter(), Counter()
    for log in logs:
        for row in rows(log.impressions):
            place = (row["device"], int(row["at"] % DAY_S) // 3600, row["position"] - 1)
            shown[place] += 1
            clicked[place] += row["type"] in (CLICK, CART, PURCHASE)
    assert {place: n for place, n in np.ndenumerate(tally.shown) if n} == dict(shown)
    assert {place: n for place, n in np.ndenumerate(tally.clicked) if n} == {
        each: n for each, n in clicked.items() if n
    }
    assert tally.impressions == shown.total()


def test_clicks_are_counted_by_item_and_by_day_and_category(tally, logs, world):
    items, daily = Counter(), Counter()
    for day, log in enumerate(logs):
        for row in rows(log.events):
            items[row["item"]] += row["type"] == CLICK
            daily[day, int(world.items.category[row["item"]])] += row["type"] == CLICK
    assert tally.item_clicks.tolist() == [items[item] for item in range(len(world.items))]
    assert {place: n for place, n in np.ndenumerate(tally.daily) if n} == {each: n for each, n in daily.items() if n}


def test_visitors_are_counted_known_and_anonymous(tally, logs, world):
    clicks = [row["user"] for log in logs for row in rows(log.events) if row["type"] == CLICK]
    anonymous = sum(user < 0 for user in clicks)
    visits = {(row["session"], row["user"] < 0) for log in logs for row in rows(log.impressions)}
    assert 0 in clicks  # row 0 is a user like any other
    assert tally.visitor_clicks.tolist() == [len(clicks) - anonymous, anonymous]
    assert np.flatnonzero(tally.clicking).tolist() == sorted({user for user in clicks if user >= 0})
    assert tally.visits.tolist() == [sum(not each for _, each in visits), sum(each for _, each in visits)]
    assert tally.visits[1] == sum(len(log.visitors["session"]) for log in logs) > 0


def test_cold_clicks_are_those_of_the_last_quarter(tally, logs, world):
    since = first_day_of_last_quarter(world.spec.days)
    last = [row for log in logs[since:] for row in rows(log.events) if row["type"] == CLICK]
    new_items = sum(int(world.items.arrives[row["item"]]) >= since for row in last)
    new_users = sum(row["user"] >= 0 and int(world.before.joins[row["user"]]) >= since for row in last)
    assert tally.cold.tolist() == [len(last), new_items, new_users, sum(row["user"] < 0 for row in last)]
    assert min(new_items, new_users) > 0


def test_the_last_quarter_is_at_least_the_last_day():
    assert [first_day_of_last_quarter(days) for days in (2, 3, 4, 14, 28)] == [1, 2, 3, 11, 21]


def test_delays_of_purchases_are_told_to_four_percent(tally, logs):
    delay = np.sort(
        [row["outcome_at"] - row["at"] for log in logs for row in rows(log.impressions) if row["type"] == PURCHASE]
    )
    assert tally.delays.sum() == len(delay) > 20
    assert tally.purchases_after_a_day == np.mean(delay >= DAY_S) > 0
    for share in (0.1, 0.5, 0.9):
        exact = delay[int(np.ceil(share * len(delay))) - 1]
        assert exact <= tally.delay_s(share) <= 1.05 * exact


def test_a_delay_of_a_day_is_late_and_one_of_a_second_less_is_not(world, logs):
    rows = {name: values[:2].copy() for name, values in logs[0].impressions.items()}
    rows["type"][:] = PURCHASE
    rows["outcome_at"][:] = rows["at"] + [DAY_S, DAY_S - 1]
    assert day_tally(0, replace(logs[0], impressions=rows), world).purchases_after_a_day == 0.5


@pytest.mark.parametrize(("clicks", "gini"), [([5, 5, 5, 5], 0.0), ([0, 9, 0, 0], 0.75), ([1, 0, 3, 0], 0.625)])
def test_gini_is_the_mean_difference_over_twice_the_mean(tally, clicks, gini):
    counts = np.array(clicks)
    brute = np.abs(counts[:, None] - counts).mean() / (2 * counts.mean())
    assert replace(tally, item_clicks=counts).gini == pytest.approx(gini) == pytest.approx(brute)


def test_days_may_be_added_in_any_order(tally, logs, world):
    alone = [day_tally(day, log, world) for day, log in enumerate(logs)]
    assert same(reduce(operator.add, reversed(alone)), tally)


def test_adding_a_day_leaves_the_former_tally_as_it_was(logs, world):
    before = empty_tally(world)
    after = before.add(0, logs[0], world)
    assert same(before, empty_tally(world))
    assert after.clicks > 0


def test_a_tally_of_all_days_is_as_large_as_that_of_none(tally, world):
    def size(each):
        return [getattr(each, field.name).nbytes for field in fields(Tally)]

    assert size(tally) == size(empty_tally(world))


def test_nothing_is_nowhere_a_division_by_zero(world):
    empty = empty_tally(world)
    assert (empty.clicks, empty.impressions) == (0, 0)
    assert np.isnan([empty.gini, empty.purchases_after_a_day, empty.delay_s(0.5)]).all()
