"""Who comes on a day, when, on what, and for what."""

from dataclasses import dataclass

import numpy as np

from winnow.data.shop.click_model import occasion_place
from winnow.data.shop.exposure import category_pull
from winnow.data.shop.lexicon import DEVICES
from winnow.data.shop.likings import LIKINGS
from winnow.data.shop.moments import FIRST_WEEKDAY, HOURS, WEEKDAYS
from winnow.data.shop.world import World
from winnow.schema.column import Array

OWN_DEVICE_SHARE = 0.8
ANONYMOUS_SHARE = 0.15
INTENT_STRENGTH = 2.6
PAGES = np.array([0.15, 0.20, 0.25, 0.20, 0.20])
"""Probability that a visit has 1, 2, ... pages."""
BUSY_HOURS = np.array(
    [
        [2, 1, 1, 1, 1, 2, 5, 8, 7, 5, 4, 5, 7, 6, 4, 4, 5, 7, 8, 9, 10, 10, 8, 4],
        [1, 1, 1, 1, 1, 1, 2, 4, 8, 10, 11, 10, 7, 9, 10, 9, 8, 6, 4, 4, 4, 4, 3, 2],
        [1, 1, 1, 1, 1, 1, 2, 3, 3, 3, 3, 3, 4, 4, 4, 4, 5, 6, 8, 11, 13, 12, 8, 3],
    ],
    float,
)
"""When people come, by device."""
SECONDS_PER_PAGE = 60.0
LONGEST_S = SECONDS_PER_PAGE * len(PAGES)
"""A visit ends in the hour in which it began: one moment, one day and one price hold for all of it."""
MINUTES_APART = 60
"""Visits of a user begin further apart than this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visits:
    """S visits of one day, those with the most pages first.

    Attributes:
        user: int64 [S], rows.
        second: float64 [S], when it begins, seconds from the start of the day.
        device: uint8 [S].
        place: int64 [S], the occasion.
        intent: int64 [S], the category that the visitor came for.
        pages: int64 [S], falling.
        anonymous: bool [S], whether the visitor stays unknown to the shop.
    """

    user: Array
    second: Array
    device: Array
    place: Array
    intent: Array
    pages: Array
    anonymous: Array

    def __len__(self) -> int:
        return len(self.user)


def draw_visits(world: World, day: int, users: Array, number: Array, draw: np.random.Generator) -> Visits:
    """Visits of the given users.

    Args:
        world: gives people.
        day: from 0.
        users: int64 [U], rows.
        number: int64 [U], how many visits each makes.
        draw: the randomness.
    """
    people = world.people(day)
    user = np.repeat(users, number)
    n = len(user)
    own = draw.random(n) < OWN_DEVICE_SHARE
    device = np.where(own, people.device[user], draw.integers(len(DEVICES), size=n)).astype(np.uint8)
    busy = np.cumsum(BUSY_HOURS / BUSY_HOURS.sum(axis=1, keepdims=True), axis=1)
    hour = np.minimum((draw.random(n)[:, None] > busy[device]).sum(axis=1), HOURS - 1)
    second = hour * 3600.0 + draw.random(n) * (3600 - LONGEST_S)
    pages = 1 + np.searchsorted(np.cumsum(PAGES)[:-1], draw.random(n), side="right")
    intent = (draw.random(n)[:, None] > _intents(world, day, users)[np.repeat(np.arange(len(users)), number)]).sum(
        axis=1
    )
    order = np.lexsort((second, user, -pages))
    order = order[_apart(user, second)[order]]
    weekday = np.full(n, (day + FIRST_WEEKDAY) % WEEKDAYS)
    return Visits(
        user=user[order],
        second=second[order],
        device=device[order],
        place=occasion_place(device, hour, weekday)[order],
        intent=intent[order],
        pages=pages[order],
        anonymous=(draw.random(n) < ANONYMOUS_SHARE)[order],
    )


def intent_probability(world: World, likings: Array) -> Array:
    """float64 [U, C], the chance of each category to be what a visitor comes for.

    Args:
        world: gives items.
        likings: float32 [U, F].
    """
    pull = np.log(category_pull(world.items))
    wish = np.exp(INTENT_STRENGTH * likings[:, LIKINGS.block("category")] + pull)
    return wish / wish.sum(axis=1, keepdims=True)


def _intents(world: World, day: int, users: Array) -> Array:
    """float64 [U, C - 1], cumulated chances."""
    return np.cumsum(intent_probability(world, world.people(day).likings[users]), axis=1)[:, :-1]


def _apart(user: Array, second: Array) -> Array:
    """bool [S], whether a visit begins long enough after the one before of the same user."""
    order = np.lexsort((second, user))
    apart = np.ones(len(user), np.bool_)
    same = user[order][1:] == user[order][:-1]
    apart[order[1:]] = ~same | (np.diff(second[order]) > MINUTES_APART * 60)
    return apart
