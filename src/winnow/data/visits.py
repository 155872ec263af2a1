"""What people do in a simulated shop: visits, the items they come across, and what follows from a look."""

import numpy as np

from winnow.data.simulator_spec import SimulatorSpec
from winnow.data.world import World
from winnow.data.world_words import CATEGORIES, DEVICES
from winnow.schema.column import Array

VISITS_PER_USER_DAY = 0.28
VIEWS_PER_VISIT = 5
OWN_DEVICE_SHARE = 0.8
ON_PURPOSE_SHARE = 0.75
REPEAT_SHARE = 0.12
BUSY_HOURS = np.array([1, 1, 1, 1, 1, 2, 3, 4, 5, 5, 5, 6, 6, 5, 5, 5, 6, 7, 9, 10, 10, 8, 5, 2], float)


def draw_views(spec: SimulatorSpec, world: World, draw: np.random.Generator) -> dict[str, Array]:
    """N looks at items, ordered by user and time: `user`, `item`, `device` (rows and codes) and `day` (float)."""
    visits = _visits(spec, world, draw)
    lengths = 1 + draw.poisson(VIEWS_PER_VISIT - 1, len(visits["user"]))
    view = {name: np.repeat(values, lengths) for name, values in visits.items()}
    view["day"] = view["day"] + _waiting(lengths, draw)
    view = {name: values[view["day"] < spec.days] for name, values in view.items()}
    view["item"] = _items(world, view, draw)
    order = np.lexsort((view["day"], view["user"]))
    view = {name: values[order] for name, values in view.items()}
    view["item"] = _with_repeats(view["user"], view["item"], draw)
    return view


def draw_actions(world: World, view: dict[str, Array], draw: np.random.Generator) -> dict[str, Array]:
    """bool [N] by event type: which looks led to a click, which clicks to the cart, which of those to a purchase."""
    logit = world.click_logit(view["user"], view["item"], view["device"], view["day"] % 1 * 24)
    n = len(logit)
    click = draw.random(n) < _chance(logit)
    cart = click & (draw.random(n) < _chance(0.5 * logit - 1.2))
    purchase = cart & (draw.random(n) < 0.4)
    return {"view": np.ones(n, bool), "click": click, "cart": cart, "purchase": purchase}


def _visits(spec: SimulatorSpec, world: World, draw: np.random.Generator) -> dict[str, Array]:
    presence = 1 - world.joins / spec.days
    chance = world.activity * presence
    number = round(VISITS_PER_USER_DAY * spec.days * spec.users * presence.mean())
    user = draw.choice(spec.users, number, p=chance / chance.sum())
    day = np.floor(draw.uniform(world.joins[user], spec.days))
    hour = draw.choice(24, number, p=BUSY_HOURS / BUSY_HOURS.sum()) + draw.random(number)
    other_device = draw.integers(len(DEVICES), size=number)
    own = draw.random(number) < OWN_DEVICE_SHARE
    wish = world.category_taste[user] + draw.gumbel(size=(number, len(CATEGORIES)))
    return {
        "user": user,
        "day": day + hour / 24,
        "device": np.where(own, world.device[user], other_device),
        "purpose": wish.argmax(axis=1),
    }


def _waiting(lengths: Array, draw: np.random.Generator) -> Array:
    """float [N] days since the start of the visit; some 40 seconds go by between looks."""
    gaps = draw.exponential(40, lengths.sum()) + 25
    total = np.cumsum(gaps)
    starts = np.cumsum(lengths) - lengths
    return (total - np.repeat(total[starts], lengths)) / 86_400


def _items(world: World, view: dict[str, Array], draw: np.random.Generator) -> Array:
    """Items by popularity, mostly within the purpose of the visit; what has not arrived gives way to what has."""
    on_purpose = draw.random(len(view["user"])) < ON_PURPOSE_SHARE
    anything = world.category[draw.choice(len(world.category), len(on_purpose))]
    wanted = np.where(on_purpose, view["purpose"], anything)
    item = _popular_within(world.category, world.weight, wanted, draw)
    settled = _popular_within(world.category, world.weight * (world.arrives == 0), wanted, draw)
    return np.where(world.arrives[item] <= view["day"], item, settled)


def _popular_within(category: Array, weight: Array, wanted: Array, draw: np.random.Generator) -> Array:
    """int [N], an item of each wanted category with probability by weight."""
    order = np.argsort(category, kind="stable")
    order = order[weight[order] > 0]
    total = np.cumsum(weight[order])
    last = np.searchsorted(category[order], np.arange(len(CATEGORIES)), side="right") - 1
    high = total[last]
    low = np.concatenate([[0.0], high[:-1]])
    place = np.searchsorted(total, draw.uniform(low[wanted], high[wanted]), side="right")
    return order[np.minimum(place, last[wanted])]


def _with_repeats(user: Array, item: Array, draw: np.random.Generator) -> Array:
    """Some looks go back to an item that the user came across before; `user` is sorted."""
    first = np.searchsorted(user, user)
    earlier = first + np.floor(draw.random(len(user)) * (np.arange(len(user)) - first)).astype(int)
    again = (draw.random(len(user)) < REPEAT_SHARE) & (first < np.arange(len(user)))
    return np.where(again, item[earlier], item)


def _chance(logit: Array) -> Array:
    return 1 / (1 + np.exp(-logit))
