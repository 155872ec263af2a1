from dataclasses import replace

import numpy as np
import pytest

from winnow.data.shop.calibration import Strength
from winnow.data.shop.click_model import CENTRE, NO_CODE, REMEMBERED, DayModel, Occasion, likeness, occasion_place
from winnow.data.shop.effects import SHARES
from winnow.data.shop.lexicon import DEVICES
from winnow.data.shop.likings import LIKINGS
from winnow.data.shop.moments import HOURS, WEEKDAYS
from winnow.data.shop.shop_spec import SIZES, Drift
from winnow.data.shop.tables import OPENING
from winnow.data.shop.truth import Truth
from winnow.data.shop.world import World, make_world

SCALE = dict(zip(SHARES, (1.1, 1.6, 0.7, 0.6, 0.5, 0.4, 0.3), strict=True))
BIAS = -3.0
DAY, HOUR, DEVICE = 3, 9, 1
EXACT = pytest.approx


@pytest.fixture(scope="module")
def world() -> World:
    return make_world(replace(SIZES["tiny"], seed=3, drift=Drift(day=7)))


def column(name: str, code: int = 0) -> int:
    """Of the likings: the words of each attribute stand in the order of the lexicon, one attribute after the other."""
    widths = {"category": 20, "colour": 12, "material": 8, "gender": 3, "pattern": 6, "shade": 1, "mood": 8}
    widths |= {"occasion": 6, "dearness": 1}
    names = list(widths)
    return sum(widths[each] for each in names[: names.index(name)]) + code


def dearness(items, item, day):
    level = [float(np.log(price)) for price in items.price]
    mean = sum(level) / len(level)
    spread = (sum((each - mean) ** 2 for each in level) / len(level)) ** 0.5
    discount = 0.2 if items.promoted[item] <= day < items.promotion_ends[item] else 0.0
    return (float(np.log(round(items.price[item] * (1 - discount), 2))) - mean) / spread


def slow_parts(world, day, user, item, place, memory):
    """Written from the docstrings, one number after the other."""
    items, liking = world.items, world.people(day).likings[user]
    style, colour = int(items.style[item]), int(items.colour[item])

    def likes(attribute):
        return float(liking[column(attribute, int(getattr(items, attribute)[item]))])

    made = [(each_style, each_colour) for each_style, each_colour in memory if each_style != NO_CODE]
    same = sum((each[0] == style) + (each[1] == colour) for each in made)
    raw = {
        "taste": likes("category") + likes("colour") + likes("material") + likes("gender"),
        "session": same / len(made) - 0.7 if made else 0.0,
        "picture": likes("pattern") + float(liking[column("shade")]) * float(items.shade[item]),
        "words": likes("mood") + likes("occasion"),
        "device_hour": float(world.moments.occasion[(*place, items.category[item])]),
        "price": float(liking[column("dearness")]) * dearness(items, item, day),
        "popularity": float(items.appeal[item]) + float(world.moments.fashion[day, style]),
    }
    return {name: SCALE[name] * value for name, value in raw.items()}


def random_memory(world, draw, n):
    """Styles and colours of 0 to 3 clicks for each row, the last one last."""
    clicks = draw.integers(len(world.items), size=(n, REMEMBERED))
    missing = np.arange(REMEMBERED) < REMEMBERED - draw.integers(REMEMBERED + 1, size=n)[:, None]
    return tuple(
        np.where(missing, NO_CODE, codes[clicks]).astype(np.uint8) for codes in (world.items.style, world.items.colour)
    )


@pytest.mark.parametrize("day", [0, 5, 6, 7, 13])
def test_parts_and_log_odds_are_those_of_a_slow_loop(world, day):
    draw, n = np.random.default_rng(day), 150
    users, items = draw.integers(300, size=n), draw.integers(120, size=n)
    place = draw.integers(len(DEVICES), size=n), draw.integers(HOURS, size=n), draw.integers(WEEKDAYS, size=n)
    styles, colours = random_memory(world, draw, n)
    model = DayModel(world, day, SCALE, BIAS)
    occasion = Occasion(place=occasion_place(*place), styles=styles, colours=colours)
    parts, logit = model.parts(users, items, occasion), model.logit(users, items, occasion)
    assert list(parts) == list(SHARES)
    assert (styles == NO_CODE).any(axis=1).sum() > 50
    for row in range(n):
        moment = tuple(int(each[row]) for each in place)
        memory = list(zip(styles[row].tolist(), colours[row].tolist(), strict=True))
        slow = slow_parts(world, day, users[row], items[row], moment, memory)
        assert {name: float(part[row]) for name, part in parts.items()} == EXACT(slow, abs=3e-6)
        rise = float(world.moments.rise[day, world.items.style[items[row]]])
        assert float(logit[row]) == EXACT(BIAS + rise + sum(slow.values()), abs=1e-5)


def test_pages_of_many_visitors_are_told_like_single_items(world):
    draw = np.random.default_rng(1)
    users, items = draw.integers(300, size=9), draw.integers(120, size=(9, 8))
    styles, colours = random_memory(world, draw, 9)
    place = draw.integers(len(DEVICES) * HOURS * WEEKDAYS, size=9)
    model = DayModel(world, DAY, SCALE, BIAS)
    page = Occasion(place=place[:, None], styles=styles[:, None], colours=colours[:, None])
    alone = [
        model.logit(users, items[:, slot], Occasion(place=place, styles=styles, colours=colours)) for slot in range(8)
    ]
    assert np.array_equal(model.logit(users[:, None], items, page), np.stack(alone, axis=1))


def log_odds(world, *, item=50, user=7, day=DAY, hour=HOUR, device=DEVICE, clicks=(-1, -1, -1)):
    """By the oracle."""
    truth = Truth(world=world, strength=Strength(scale=SCALE, bias=BIAS), visitors={})
    at = np.array([OPENING + day * 86_400 + hour * 3_600 + 120.0])
    moment = (np.array([user]), np.array([item]), at, np.array([device]), np.array([clicks]))
    odds = truth.click_logit(*moment)[0]
    assert truth.click_probability(*moment)[0] == EXACT(1 / (1 + np.exp(-odds)), rel=1e-5)
    return float(odds)


def with_items(world, item=50, **values):
    """The same world but for some attributes of one item."""
    changed = {name: getattr(world.items, name).copy() for name in values}
    for name, value in values.items():
        changed[name][item] = value
    return replace(world, items=replace(world.items, **changed))


@pytest.mark.parametrize("device", [0, 2])
def test_another_device_changes_the_log_odds_by_the_difference_in_the_table_of_occasions(world, device):
    table = world.moments.occasion[:, HOUR, DAY, world.items.category[50]]
    change = log_odds(world, device=device) - log_odds(world)
    assert change == EXACT(SCALE["device_hour"] * (table[device] - table[DEVICE]), abs=2e-6)
    assert abs(change) > 0.05


@pytest.mark.parametrize("hour", [0, 10, 23])
def test_another_hour_changes_the_log_odds_by_the_difference_in_the_table_of_occasions(world, hour):
    table = world.moments.occasion[DEVICE, :, DAY, world.items.category[50]]
    change = log_odds(world, hour=hour) - log_odds(world)
    assert change == EXACT(SCALE["device_hour"] * (table[hour] - table[HOUR]), abs=2e-6)
    assert abs(change) > 0.02


def test_a_day_at_a_discount_changes_the_log_odds_by_price_sensitivity_times_the_cheaper_price(world):
    usual = with_items(world, price=80.0, promoted=1_000_000, promotion_ends=1_000_000)
    cheaper = with_items(world, price=80.0, promoted=DAY, promotion_ends=DAY + 3)
    step = np.log(0.8) / np.log(usual.items.price).std()
    sensitivity = world.before.likings[7, column("dearness")]
    change = log_odds(cheaper) - log_odds(usual)
    assert change == EXACT(SCALE["price"] * sensitivity * step, abs=2e-6)
    assert change > 0.1
    assert log_odds(cheaper, day=DAY + 3) == log_odds(usual, day=DAY + 3)


def unlike(world, item, number=1):
    """Items of another style and colour."""
    items = world.items
    others = np.flatnonzero((items.style != items.style[item]) & (items.colour != items.colour[item]))
    return others[:number].tolist()


def test_clicks_of_the_visit_change_the_log_odds_by_their_likeness(world):
    session, base = SCALE["session"], log_odds(world)
    other, another = unlike(world, 50, 2)
    style_only = with_items(world, other, style=world.items.style[50])
    for clicked_world, clicks, likes in (
        (world, (-1, -1, 50), 2 - CENTRE),
        (world, (-1, -1, other), -CENTRE),
        (style_only, (-1, -1, other), 1 - CENTRE),
        (world, (-1, 50, other), 1 - CENTRE),
        (world, (other, 50, 50), 4 / 3 - CENTRE),
        (world, (other, another, 50), 2 / 3 - CENTRE),
    ):
        assert log_odds(clicked_world, clicks=clicks) - base == EXACT(session * likes, abs=2e-6)


@pytest.mark.parametrize(("effect", "attribute"), [("picture", "pattern"), ("words", "mood"), ("words", "occasion")])
def test_another_word_changes_the_log_odds_by_how_much_better_it_is_liked(world, effect, attribute):
    liking = world.before.likings[7, LIKINGS.block(attribute)]
    base = log_odds(with_items(world, **{attribute: 0}))
    for code in range(1, len(liking)):
        change = log_odds(with_items(world, **{attribute: code})) - base
        assert change == EXACT(SCALE[effect] * (liking[code] - liking[0]), abs=2e-6)
        assert change != 0


def test_another_shade_of_the_picture_changes_the_log_odds_by_how_much_light_is_liked(world):
    liking = world.before.likings[7, column("shade")]
    change = log_odds(with_items(world, shade=0.75)) - log_odds(with_items(world, shade=-0.5))
    assert change == EXACT(SCALE["picture"] * liking * 1.25, abs=2e-6)


def test_one_visitor_knows_nothing_of_what_another_likes(world):
    other = world.before.likings.copy()
    other[8] += 1
    changed = replace(world, before=replace(world.before, likings=other))
    assert log_odds(changed) == log_odds(world)
    assert log_odds(changed, user=8) != log_odds(world, user=8)


@pytest.mark.parametrize("name", SHARES)
def test_an_effect_with_factor_zero_is_silent(world, name):
    model = DayModel(world, DAY, {**SCALE, name: 0.0}, BIAS)
    empty = np.full((1, 1, REMEMBERED), 2, np.uint8)
    part = model.parts(
        np.arange(9)[:, None], np.arange(120)[None], Occasion(place=np.array([[4]]), styles=empty, colours=empty)
    )
    assert not np.any(part[name])
    assert all(np.any(part[other]) for other in SHARES if other != name)


def test_before_the_first_click_nothing_is_alike():
    nothing = np.full((1, REMEMBERED), NO_CODE, np.uint8)
    assert likeness(np.array([3]), np.array([4]), nothing, nothing).tolist() == [0.0]


def test_every_moment_has_a_place_of_its_own_in_the_table_of_occasions():
    table = np.arange(len(DEVICES) * HOURS * WEEKDAYS).reshape(len(DEVICES), HOURS, WEEKDAYS)
    device, hour, weekday = np.indices(table.shape)
    assert np.array_equal(occasion_place(device.astype(np.uint8), hour, weekday), table)
