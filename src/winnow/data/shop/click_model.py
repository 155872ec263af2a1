"""How likely a visitor clicks an item that is looked at: the sum of the planted effects, as log-odds."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from winnow.data.shop.effects import SHARES
from winnow.data.shop.likings import LIKINGS
from winnow.data.shop.moments import HOURS, WEEKDAYS
from winnow.data.shop.world import World
from winnow.schema.column import Array

REMEMBERED = 3
"""Clicks of the same visit that the next one depends on."""
NO_CODE = 255
"""Stands in the memory of a visit for a click that was not made yet."""
CENTRE = 0.7
"""Taken from the likeness once there is a click: who found something has less of an eye for what is unlike it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """What the visitor's moment is; arrays that broadcast against those of the items in question.

    Attributes:
        place: int64, device x hour x weekday as one number, see `occasion_place`.
        styles, colours: uint8 [..., REMEMBERED], of the last clicks of this visit, NO_CODE where there are fewer.
    """

    place: Array
    styles: Array
    colours: Array


def occasion_place(device: Array, hour: Array, weekday: Array) -> Array:
    """int64, the place of a moment in `Moments.occasion` with its first three axes made one."""
    return (np.asarray(device, np.int64) * HOURS + hour) * WEEKDAYS + weekday


class DayModel:
    """The click model of one day, with everything looked up that the day fixes.

    Args:
        world: gives items, people and moments.
        day: from 0.
        scale: factor of each effect.
        bias: log-odds of a click where no effect speaks.
        likings: float32 [U, F], instead of those of the people.
    """

    def __init__(
        self, world: World, day: int, scale: Mapping[str, float], bias: float, likings: Array | None = None
    ) -> None:
        items, moments = world.items, world.moments
        self.items, self.scale, self.bias = items, scale, bias
        self.likings = (world.people(day).likings if likings is None else likings).ravel()
        self.codes = {
            block: block.start + getattr(items, block.attribute).astype(np.int64)
            for block in LIKINGS
            if block.width > 1
        }
        slopes = {"shade": items.shade, "dearness": items.dearness(day)}
        self.slopes = {block: slopes[block.attribute] for block in LIKINGS if block.width == 1}
        self.occasion = moments.occasion.reshape(-1, moments.occasion.shape[-1])
        self.popularity = items.appeal + moments.fashion[day][items.style]
        self.rise = moments.rise[day][items.style]

    def parts(self, users: Array, items: Array, occasion: Occasion) -> dict[str, Array]:
        """float32 of the shape of `items` for each effect: its part of the log-odds.

        Args:
            users: int64 rows, broadcasting against `items`.
            items: int64 rows.
            occasion: of the visitor, likewise.
        """
        sums: dict[str, Array] = dict.fromkeys(SHARES, np.zeros((), np.float32))
        start = users * np.int64(LIKINGS.width)
        for block, codes in self.codes.items():
            sums[block.effect] = sums[block.effect] + self.likings.take(start + codes.take(items))
        for block, slope in self.slopes.items():
            sums[block.effect] = sums[block.effect] + self.likings.take(start + block.start) * slope.take(items)
        width = self.occasion.shape[1]
        sums["device_hour"] = self.occasion.ravel().take(occasion.place * width + self.items.category.take(items))
        sums["popularity"] = self.popularity.take(items)
        sums["session"] = likeness(
            self.items.style.take(items), self.items.colour.take(items), occasion.styles, occasion.colours
        )
        return {name: np.float32(self.scale[name]) * part for name, part in sums.items()}

    def logit(self, users: Array, items: Array, occasion: Occasion) -> Array:
        """float32 of the shape of `items`: log-odds of a click on an item that is looked at."""
        total = self.rise.take(items) + np.float32(self.bias)
        for part in self.parts(users, items, occasion).values():
            total = total + part
        return total


def likeness(style: Array, colour: Array, styles: Array, colours: Array) -> Array:
    """float32 of the shape of `style`: how alike an item is to the last clicks of the visit; 0 before the first one.

    Args:
        style: uint8 codes of the items in question.
        colour: likewise.
        styles: uint8 [..., REMEMBERED], of the last clicks.
        colours: likewise.
    """
    same = np.zeros(style.shape, np.float32)
    number = np.zeros(styles.shape[:-1], np.float32)
    for place in range(REMEMBERED):
        same += style == styles[..., place]
        same += colour == colours[..., place]
        number += styles[..., place] != NO_CODE
    return np.where(number > 0, same / np.maximum(number, 1) - np.float32(CENTRE), np.float32(0))


def probability(logit: Array) -> Array:
    """float32, of the same shape."""
    return 1 / (1 + np.exp(-logit))
