import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from winnow.data.simulator import simulate, simulate_with_truth
from winnow.data.simulator_spec import SIZES, SimulatorSpec
from winnow.data.world_words import DEVICES
from winnow.schema.errors import DataError

TINY, DEMO = SIZES["tiny"], SIZES["demo"]


@pytest.fixture(scope="module")
def shop():
    return simulate_with_truth(DEMO)


@pytest.fixture(scope="module")
def views(shop):
    """Every view of the demo shop: rows of users and items, device, hour, whether it was clicked, and its logit."""
    dataset, world = shop
    table = {name: np.array(dataset.events[name].to_pylist()) for name in dataset.events.column_names}
    users, items = (np.array([int(each[1:]) for each in table[name]]) for name in ("user_id", "item_id"))
    moments = np.round(table["at"] * 1000).astype(int)
    seen, clicked = table["event_type"] == "view", table["event_type"] == "click"
    after_view = 4_000
    clicks = set(zip(users[clicked], items[clicked], moments[clicked] - after_view, strict=True))
    click = np.array([key in clicks for key in zip(users[seen], items[seen], moments[seen], strict=True)])
    users, items, hours = users[seen], items[seen], table["at"][seen] % 86_400 / 3600
    devices = np.array([DEVICES.index(each) for each in table["device_type"][seen]])
    return users, items, devices, hours, click, world.click_logit(users, items, devices, hours)


def test_the_same_seed_gives_the_same_shop_in_another_process_and_another_seed_another():
    code = (
        "from winnow.data import simulator, simulator_spec\n"
        "print(simulator.simulate(simulator_spec.SIZES['tiny']).digest)"
    )
    other = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()
    assert simulate(TINY).digest == other
    assert simulate(replace(TINY, seed=1)).digest != other


def test_the_sizes_are_as_promised(shop):
    tiny = simulate(TINY)
    assert (tiny.users.num_rows, tiny.items.num_rows) == (200, 120)
    assert 2_000 < tiny.events.num_rows < 9_000
    assert (shop[0].users.num_rows, shop[0].items.num_rows) == (3_000, 1_000)
    assert 120_000 < shop[0].events.num_rows < 180_000


@pytest.mark.parametrize("name", ["users", "items", "days"])
def test_a_shop_that_is_too_small_is_refused(name):
    with pytest.raises(DataError, match=f"with 1 {name} is too small"):
        replace(TINY, **{name: 1})


def test_a_seed_below_zero_is_refused():
    with pytest.raises(DataError, match="The seed is -1"):
        replace(TINY, seed=-1)


def test_the_smallest_shop_works():
    assert simulate(SimulatorSpec(users=20, items=40, days=2)).events.num_rows > 0


def test_nothing_that_is_simulated_needs_to_be_dropped(shop):
    assert shop[0].report.findings == ()


def test_clicks_come_as_often_as_the_truth_says(views):
    *_, click, logit = views
    chance = 1 / (1 + np.exp(-logit))
    for low, high in ((0, 0.1), (0.1, 0.3), (0.3, 0.6), (0.6, 1)):
        within = (chance >= low) & (chance < high)
        noise = 4 * np.sqrt((chance * (1 - chance))[within].sum()) / within.sum()
        assert within.sum() > 1000
        assert click[within].mean() == pytest.approx(chance[within].mean(), abs=noise)


@pytest.mark.parametrize("name", ["taste", "device", "hour", "price"])
def test_each_planted_effect_is_as_strong_in_the_clicks_as_in_the_truth(shop, views, name):
    world = shop[1]
    users, items, devices, hours, click, logit = views
    category = world.category[items]
    effect = {
        "taste": world.category_taste[users, category] + world.colour_taste[users, world.colour[items]],
        "device": world.device_effect[devices, category],
        "hour": world.hour_effect[(hours // 6).astype(int), category],
        "price": -world.thrift[users] * np.log(world.price[items]),
    }[name]
    rest, strength = logit - effect, 0.9
    for _ in range(9):  # Newton's method for the likeliest strength of the effect, everything else being known
        chance = 1 / (1 + np.exp(-rest - strength * effect))
        strength += (effect * (click - chance)).sum() / (effect**2 * chance * (1 - chance)).sum()
    assert strength == pytest.approx(1, abs=0.06)


def test_few_items_are_popular_and_people_come_back_to_some(views):
    users, items, *_ = views
    counts = np.sort(np.bincount(items, minlength=1_000))[::-1]
    assert counts[:100].sum() > 0.2 * counts.sum()
    pairs = np.unique(users * 1_000 + items).size
    assert 0.05 < 1 - pairs / len(users) < 0.35


def test_some_items_and_users_come_late_and_none_before_its_day(shop, views):
    dataset, world = shop
    users, items, *_ = views
    at = dataset.events["at"].to_numpy()[np.array(dataset.events["event_type"].to_pylist()) == "view"]
    day = (at - at.min()) / 86_400
    for late, rows in ((world.arrives, items), (world.joins, users)):
        assert 0.04 < (late > 0).mean() < 0.12
        assert (day + 1 > late[rows]).all()
        assert (late[rows] > 0).any()


def test_pictures_show_the_colour(shop):
    _, world = shop
    unit = world.picture / np.linalg.norm(world.picture, axis=1, keepdims=True)
    likeness = unit @ unit.T
    np.fill_diagonal(likeness, -1)
    nearest = likeness.argmax(axis=1)
    assert (world.colour[nearest] == world.colour).mean() > 0.9


def test_titles_say_style_colour_and_material(shop):
    row = shop[0].items.slice(7, 1).to_pylist()[0]
    words = row["title"].lower().split()
    assert words[-1] == row["style"]
    assert all(word in row["description"] for word in words[1:])
