from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np

from tests.unit.data.shop.simulated import Simulated
from winnow.data.shop.calibration import Strength
from winnow.data.shop.day_log import BLOCK, DAY_S, _sessions, by_time, day_log, joined
from winnow.data.shop.effects import SHARES
from winnow.data.shop.outcomes import CART, CLICK, DISMISS, NONE, PURCHASE, VIEW
from winnow.data.shop.shop_spec import SIZES, ShopSpec
from winnow.data.shop.world import make_world

STEPS = {VIEW: (VIEW,), CLICK: (CLICK,), CART: (CLICK, CART), PURCHASE: (CLICK, CART, PURCHASE), DISMISS: (DISMISS,)}
STRENGTH = Strength(scale=dict.fromkeys(SHARES, 0.5), bias=-1.0)


def same(one, other):
    return all(
        np.array_equal(mine, getattr(other, table)[name], equal_nan=mine.dtype.kind == "f")
        for table in ("events", "impressions", "visitors")
        for name, mine in getattr(one, table).items()
    )


def keys(rows, types):
    """Of each row: who, where, what, and what happened."""
    columns = (rows[name].tolist() for name in ("user", "session", "item", "device"))
    return zip(*columns, types, strict=True)


def test_the_events_are_exactly_the_steps_of_the_impressions_where_everybody_is_logged(tiny):
    assert tiny.world.logged.all()
    events, rows = (joined([getattr(log, name) for log in tiny.logs]) for name in ("events", "impressions"))
    steps = Counter(
        (*key, step) for *key, outcome in keys(rows, rows["type"].tolist()) for step in STEPS.get(outcome, ())
    )
    assert Counter(keys(events, events["type"].tolist())) == steps
    assert all(count > 10 for count in Counter(events["type"].tolist()).values())


def test_delayed_purchases_never_come_after_the_end_of_the_log(demo):
    end = demo.world.spec.days * DAY_S
    for log in demo.logs:
        known = log.impressions["outcome_at"]
        assert np.nanmax(known) < end
        assert log.events["at"].max() < end
    late = sum((log.events["at"] >= (day + 1) * DAY_S).sum() for day, log in enumerate(demo.logs))
    assert late > 100


def test_the_outcome_is_known_when_its_last_event_came(tiny):
    events, rows = (joined([getattr(log, name) for log in tiny.logs]) for name in ("events", "impressions"))
    nothing = rows["type"] == NONE
    assert np.array_equal(np.isnan(rows["outcome_at"]), nothing)
    something = {name: values[~nothing] for name, values in rows.items()}
    told = Counter(keys(something, zip(something["type"].tolist(), something["outcome_at"].tolist(), strict=True)))
    assert told <= Counter(keys(events, zip(events["type"].tolist(), events["at"].tolist(), strict=True)))
    assert told.total() > 4_000
    assert (something["outcome_at"] >= something["at"]).all()


def test_rows_are_in_the_order_of_time_and_of_their_day(demo):
    for day, log in enumerate(demo.logs):
        assert (np.diff(log.events["at"]) >= 0).all()
        assert (np.diff(log.impressions["at"]) >= 0).all()
        assert log.impressions["at"].min() >= day * DAY_S
        assert log.impressions["at"].max() < (day + 1) * DAY_S


def test_an_impression_shows_the_price_of_its_day(demo):
    rows, items = demo.impressions, demo.world.items
    discounted = 0
    for day in range(28):
        mine = rows["day"] == day
        item = rows["item"][mine]
        promoted = (items.promoted[item] <= day) & (day < items.promotion_ends[item])
        wanted = np.round(items.price[item] * np.where(promoted, 0.8, 1), 2)
        assert np.allclose(rows["price"][mine], wanted, rtol=1e-6, atol=0)
        discounted += promoted.sum()
    assert discounted > 10_000


def test_pages_and_positions_follow_each_other_in_time(demo):
    rows = demo.impressions
    order = np.lexsort((rows["position"], rows["page_number"], rows["session"]))
    same_visit = np.diff(rows["session"][order]) == 0
    assert (np.diff(rows["at"][order])[same_visit] > 0).all()
    assert rows["page_number"].max() == 4


def test_logging_fewer_users_changes_nothing_but_what_is_logged(tiny):
    spec = replace(SIZES["tiny"], logged=0.3)
    fewer = Simulated.of(spec, tiny.strength)
    assert fewer.world.logged.sum() == 90
    for day in range(spec.days):
        mine, all_of_them = fewer.logs[day], tiny.logs[day]
        sessions, place = np.unique(all_of_them.impressions["session"], return_index=True)
        assert np.array_equal(mine.events["session"], all_of_them.events["session"])
        assert np.array_equal(np.sort(mine.events["at"]), np.sort(all_of_them.events["at"]))
        who = all_of_them.impressions["user"][place]
        named = who >= 0
        logged = fewer.world.logged[who[named]]
        shown = np.isin(sessions[named], mine.impressions["session"])
        assert np.array_equal(shown, logged)


def test_visitors_are_the_anonymous_logged_sessions_and_nobody_else(tiny):
    for log in tiny.logs:
        anonymous = np.unique(log.impressions["session"][log.impressions["user"] < 0])
        assert sorted(log.visitors["session"].tolist()) == anonymous.tolist()
        assert log.visitors["user"].min() >= 0
        named = log.impressions["session"][log.impressions["user"] >= 0]
        assert not np.isin(log.visitors["session"], named).any()


def test_a_day_is_the_same_whatever_runs_its_blocks():
    world = make_world(ShopSpec(users=9_000, items=100, days=3, visits=0.5))

    def backwards(simulate, blocks):
        return [simulate(block) for block in reversed(list(blocks))][::-1]

    alone = day_log(world, STRENGTH, 1)
    assert alone.events["user"].max() // BLOCK == 2
    assert same(alone, day_log(world, STRENGTH, 1, backwards))
    with ThreadPoolExecutor(3) as pool:
        assert same(alone, day_log(world, STRENGTH, 1, pool.map))


def test_every_day_and_every_block_has_randomness_of_its_own():
    world = make_world(ShopSpec(users=2 * BLOCK, items=100, days=3, visits=0.5))
    people, twice = world.before, np.arange(2 * BLOCK) % BLOCK
    alike = {name: getattr(people, name)[twice] for name in ("likings", "activity", "device", "joins")}
    twins = replace(world, before=replace(people, **alike))
    logs = [day_log(twins, STRENGTH, day).impressions for day in range(2)]
    clocks = {tuple((log["at"][log["user"] // BLOCK == block] % DAY_S)[:50]) for log in logs for block in range(2)}
    assert len(clocks) == 4


def test_the_number_of_a_session_tells_neither_who_came_nor_for_how_many_pages(demo):
    rows = demo.impressions
    for day in (0, 13, 27):
        mine = rows["day"] == day
        sessions, place = np.unique(rows["session"][mine], return_index=True)
        pages = np.zeros(len(sessions))
        np.maximum.at(pages, np.searchsorted(sessions, rows["session"][mine]), rows["page_number"][mine])
        order = np.arange(len(sessions))
        for told in (rows["user"][mine][place], pages, rows["at"][mine][place]):
            assert abs(np.corrcoef(order, told)[0, 1]) < 4.5 / len(sessions) ** 0.5


def test_no_two_visits_have_the_same_number():
    numbers = np.concatenate([_sessions(first, 200_000) for first in (0, 1_000_000, 10**10, 365 * 10**10)])
    assert len(np.unique(numbers)) == len(numbers)
    assert numbers.min() >= 0
    assert len(np.unique(np.diff(_sessions(0, 1_000)))) == 999
    assert numbers.max() < 2**53


def test_a_day_on_which_nobody_comes_has_all_columns_and_no_rows(tiny):
    world = replace(tiny.world, spec=replace(tiny.world.spec, visits=0.01, users=20))
    nobody = replace(world, before=replace(world.before, joins=np.full(300, 99, np.int32)))
    log = day_log(nobody, tiny.strength, 0)
    for table in ("events", "impressions", "visitors"):
        mine, usual = getattr(log, table), getattr(tiny.logs[0], table)
        assert {name: each.dtype for name, each in mine.items()} == {name: each.dtype for name, each in usual.items()}
        assert not any(len(each) for each in mine.values())


def test_ties_in_time_stay_as_they_were():
    rows = by_time({"at": np.array([2.0, 1.0, 2.0, 1.0]), "item": np.arange(4)})
    assert rows["item"].tolist() == [1, 3, 0, 2]
