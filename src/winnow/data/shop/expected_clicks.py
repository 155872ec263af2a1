"""How many clicks each item can be expected to get from a visitor: shown often, and liked when shown."""

import numpy as np

from winnow.data.shop.browse import HOME_AGAIN_SHARE, HOME_FIRST_SHARE
from winnow.data.shop.click_model import NO_CODE, REMEMBERED, Occasion, probability
from winnow.data.shop.exposure import exposure_of
from winnow.data.shop.truth import Truth
from winnow.data.shop.visits import PAGES, intent_probability
from winnow.data.shop.world import World
from winnow.schema.column import Array

THERE = 0.5
"""Share of the days to come on which an item that comes on one of them is there."""


def expected_clicks(truth: Truth, likings: Array, at: Array, devices: Array, seen_until: float | None = None) -> Array:
    """float32 [B, I], expected clicks of a visit from an instant on, up to a factor of each visitor.

    An item is shown on the home page or, if its category is what the visitor comes for, on that category's page.

    Args:
        truth: gives the shop.
        likings: float32 [B, F], of each visitor.
        at: float64 [B], UTC seconds.
        devices: int64 [B], codes.
        seen_until: UTC seconds; who saw the shop until then expects it to show its items as on that day, and items
            that came later half as often as others of their style. None for one who knows all days from the visitor's
            to the end.
    """
    items, world = truth.world.items, truth.world
    known = None if seen_until is None else next(day for day, _ in truth.by_day(np.array([seen_until])))
    scores = np.empty((len(at), len(items)), np.float32)
    nothing = np.full((1, 1, REMEMBERED), NO_CODE, np.uint8)
    for day, rows in truth.by_day(at):
        home, within = _shown(world, range(day, world.spec.days)) if known is None else _shown_until(world, known)
        model = truth.day_model(day, likings)
        occasion = Occasion(place=truth.place(at[rows], devices[rows])[:, None], styles=nothing, colours=nothing)
        chance = probability(model.logit(rows[:, None], np.arange(len(items))[None, :], occasion))
        intent = intent_probability(world, likings[rows])[:, items.category]
        scores[rows] = chance * (home_share() * home + (1 - home_share()) * intent * within)
    return scores


def home_share() -> float:
    """Share of pages that are the home page."""
    more = float((PAGES * np.arange(len(PAGES))).sum())
    return (HOME_FIRST_SHARE + HOME_AGAIN_SHARE * more) / (1 + more)


def _shown(world: World, days: range) -> tuple[Array, Array]:
    """float64 [I] each: mean probability of a slot on the home page, and on the page of its own category."""
    home, within = np.zeros(len(world.items)), np.zeros(len(world.items))
    for day in days:
        exposure = exposure_of(world, day)
        home += exposure.share / len(days)
        mass = np.add.reduceat(exposure.share, exposure.spans[:-1])[world.items.category]
        within += np.divide(exposure.share, mass, out=np.zeros_like(mass), where=mass > 0) / len(days)
    return home, within


def _shown_until(world: World, day: int) -> tuple[Array, Array]:
    """The same as who saw no day after this one would think."""
    items = world.items
    old = items.arrives <= day

    def guessed(shown: Array) -> Array:
        of_style = np.bincount(items.style[old], shown[old]) / np.maximum(np.bincount(items.style[old]), 1)
        return np.where(old, shown, THERE * of_style[np.minimum(items.style, len(of_style) - 1)])

    home, within = _shown(world, range(day, day + 1))
    return guessed(home), guessed(within)
