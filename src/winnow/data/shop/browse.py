"""What happens in a visit: page after page is shown, looked at and clicked, and each click steers the next pages."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from winnow.data.shop.click_model import NO_CODE, REMEMBERED, DayModel, Occasion, probability
from winnow.data.shop.exposure import HOME, PAGE_SIZE, Exposure, examination
from winnow.data.shop.visits import Visits
from winnow.schema.column import Array, Bools

HOME_FIRST_SHARE, HOME_AGAIN_SHARE = 0.3, 0.1
"""Chance that the first page, and that a later page, is the home page and not that of the visit's intent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page of the first S visits.

    Attributes:
        number: from 0.
        category: int64 [S], HOME or a category.
        items: int64 [S, PAGE_SIZE], rows.
        shown: bool [S, PAGE_SIZE], false where a slot stayed empty.
        occasion: as it was when the page was shown.
        chance: float32 [S, PAGE_SIZE], chance of a click once looked at.
        roll: float32 [S, PAGE_SIZE], from 0 to 1; below the chance of a look and a click, it is one.
        clicked: bool [S, PAGE_SIZE].
    """

    number: int
    category: Array
    items: Array
    shown: Bools
    occasion: Occasion
    chance: Array
    roll: Array
    clicked: Bools

    def __len__(self) -> int:
        return len(self.items)


def browse(model: DayModel, exposure: Exposure, visits: Visits, draw: np.random.Generator) -> Iterator[Page]:
    """All pages of all visits; the visits with more pages come first and go on longest."""
    styles = np.full((len(visits), REMEMBERED), NO_CODE, np.uint8)
    colours = styles.copy()
    looked = examination()
    for number in range(int(visits.pages.max(initial=0))):
        going = int(np.searchsorted(-visits.pages, -number))
        category = _category(visits.intent[:going], exposure, number, draw)
        items = exposure.draw(category[:, None], draw.random((going, PAGE_SIZE)))
        shown = _first_on_page(items)
        occasion = Occasion(
            place=visits.place[:going, None],
            styles=styles[:going, None].copy(),
            colours=colours[:going, None].copy(),
        )
        chance = probability(model.logit(visits.user[:going, None], items, occasion))
        roll = draw.random((going, PAGE_SIZE), np.float32)
        clicked = shown & (roll < looked * chance)
        yield Page(
            number=number,
            category=category,
            items=items,
            shown=shown,
            occasion=occasion,
            chance=chance,
            roll=roll,
            clicked=clicked,
        )
        _remember(styles[:going], model.items.style[items], clicked)
        _remember(colours[:going], model.items.colour[items], clicked)


def _category(intent: Array, exposure: Exposure, number: int, draw: np.random.Generator) -> Array:
    share = HOME_AGAIN_SHARE if number else HOME_FIRST_SHARE
    home = (draw.random(len(intent)) < share) | ~exposure.has(intent)
    return np.where(home, HOME, intent)


def _first_on_page(items: Array) -> Bools:
    shown = np.ones(items.shape, np.bool_)
    for slot in range(1, items.shape[1]):
        shown[:, slot] = (items[:, :slot] != items[:, slot : slot + 1]).all(axis=1)
    return shown


def _remember(memory: Array, codes: Array, clicked: Bools) -> None:
    """Moves the codes of clicked slots into the memory, in order, each pushing out the oldest."""
    for slot in range(clicked.shape[1]):
        rows = np.flatnonzero(clicked[:, slot])
        memory[rows, :-1] = memory[rows, 1:]
        memory[rows, -1] = codes[rows, slot]
