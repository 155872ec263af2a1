"""The truth behind a simulated shop: what its items are, what its users like, and how likely each click is."""

from dataclasses import dataclass

import numpy as np

from winnow.data.simulator_spec import SimulatorSpec
from winnow.data.world_words import CATEGORIES, COLOURS, DEVICES, MATERIALS, MOODS, STYLE_NAMES, STYLES
from winnow.schema.column import Array

GROUPS = 6
PARTS_OF_DAY = 4
BIAS = -3.2
LATE_SHARE = 0.08
STYLES_EACH = len(STYLE_NAMES) // len(STYLES)
PICTURE_WIDTH = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Items, users, and the effects planted between them; I items, U users, C categories, K colours.

    Attributes:
        category, style, colour, material, mood: int [I], codes of the words.
        price: float [I], log-normal around the mean of its style.
        weight: float [I], how often an item is come across; few are very popular.
        picture: float32 [I, 16], looks: colour and material, with noise.
        arrives: float [I], day on which an item appears; 0 for all but the late ones.
        group: int [U], the taste group, which age and gender hint at.
        age, gender: float and int [U]; age is NaN where a user has not told.
        category_taste, colour_taste: float [U, C] and [U, K].
        thrift: float [U] from 0 to 1, how much a high price deters.
        activity: float [U], how often a user comes.
        device: int [U], the device that a user prefers.
        joins: float [U], nobody visits before the day that it falls on; 0 for all but the late ones.
        device_effect, hour_effect: float [3, C] and [4, C], what a device and a quarter of the day do for a category.
    """

    category: Array
    style: Array
    colour: Array
    material: Array
    mood: Array
    price: Array
    weight: Array
    picture: Array
    arrives: Array
    group: Array
    age: Array
    gender: Array
    category_taste: Array
    colour_taste: Array
    thrift: Array
    activity: Array
    device: Array
    joins: Array
    device_effect: Array
    hour_effect: Array

    def click_logit(self, users: Array, items: Array, devices: Array, hours: Array) -> Array:
        """float64 [N], the log-odds that user row `users[n]` clicks item row `items[n]` when seeing it.

        Args:
            users: int [N], rows.
            items: int [N], rows.
            devices: int [N], positions in DEVICES.
            hours: float [N], UTC hours from 0 up to 24.
        """
        category = self.category[items]
        taste = self.category_taste[users, category] + self.colour_taste[users, self.colour[items]]
        part_of_day = np.asarray(hours * PARTS_OF_DAY / 24, int)
        occasion = self.device_effect[devices, category] + self.hour_effect[part_of_day, category]
        log_price = np.log(self.price)
        dearness = (log_price - log_price.mean()) / log_price.std()
        return BIAS + taste + occasion - self.thrift[users] * dearness[items]


def make_world(spec: SimulatorSpec, draw: np.random.Generator) -> World:
    """Draw a world."""
    categories = len(CATEGORIES)
    return World(
        **_items(spec, draw),
        **_users(spec, draw),
        device_effect=draw.normal(0, 0.6, (len(DEVICES), categories)),
        hour_effect=draw.normal(0, 0.6, (PARTS_OF_DAY, categories)),
    )


def _items(spec: SimulatorSpec, draw: np.random.Generator) -> dict[str, Array]:
    n = spec.items
    category = draw.permutation(np.arange(n) % len(CATEGORIES))
    style = category * STYLES_EACH + draw.integers(STYLES_EACH, size=n)
    colour, material = draw.integers(len(COLOURS), size=n), draw.integers(len(MATERIALS), size=n)
    level = draw.normal(3.5, 0.7, len(STYLE_NAMES))
    looks = _codes(draw, len(COLOURS))[colour] + 0.7 * _codes(draw, len(MATERIALS))[material]
    return {
        "category": category,
        "style": style,
        "colour": colour,
        "material": material,
        "mood": draw.integers(len(MOODS), size=n),
        "price": np.maximum(np.round(np.exp(draw.normal(level[style], 0.35)), 2), 0.01),
        "weight": draw.permutation(1 / np.arange(3, n + 3) ** 0.5),
        "picture": (looks + draw.normal(0, 0.06, looks.shape)).astype(np.float32),
        "arrives": _late(draw, _first_of_each(category), spec.days, (0.6, 0.95)),
    }


def _users(spec: SimulatorSpec, draw: np.random.Generator) -> dict[str, Array]:
    n = spec.users
    group = draw.integers(GROUPS, size=n)
    age = np.clip(np.round(draw.normal(np.linspace(22, 62, GROUPS)[group], 6)), 16, 90)
    return {
        "group": group,
        "age": np.where(draw.random(n) < 0.04, np.nan, age),
        "gender": (draw.random(n) < np.where(group % 2, 0.8, 0.2)).astype(int),
        "category_taste": _taste(draw, group, len(CATEGORIES), 1.8),
        "colour_taste": _taste(draw, group, len(COLOURS), 1.0),
        "thrift": draw.random(n),
        "activity": np.exp(draw.normal(0, 0.6, n)),
        "device": draw.choice(len(DEVICES), size=n, p=(0.6, 0.3, 0.1)),
        "joins": _late(draw, np.zeros(n, bool), spec.days, (0.85, 0.95)),
    }


def _first_of_each(category: Array) -> Array:
    """bool [I], the first item of each category, which is always there."""
    first = np.zeros(len(category), bool)
    first[np.unique(category, return_index=True)[1]] = True
    return first


def _late(draw: np.random.Generator, never: Array, days: int, window: tuple[float, float]) -> Array:
    late = (draw.random(len(never)) < LATE_SHARE) & ~never
    return np.where(late, draw.uniform(*window, len(never)) * days, 0.0)


def _taste(draw: np.random.Generator, group: Array, width: int, scale: float) -> Array:
    """float [U, width]: mostly the group's taste, partly one's own."""
    return draw.normal(0, scale, (GROUPS, width))[group] + draw.normal(0, scale / 2, (len(group), width))


def _codes(draw: np.random.Generator, n: int) -> Array:
    codes = draw.normal(size=(n, PICTURE_WIDTH))
    return codes / np.linalg.norm(codes, axis=1, keepdims=True)
