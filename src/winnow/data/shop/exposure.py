"""What the shop shows: its policy, with the probability of everything that it does."""

from dataclasses import dataclass

import numpy as np

from winnow.data.shop.items import Items
from winnow.data.shop.world import World
from winnow.schema.column import Array

HOME = -1
"""The page that shows all categories."""
PAGE_SIZE = 8
EXPLORE_SHARE = 0.1
PROMOTION_BOOST = 2.0
FASHION_BOOST = 0.7
POSITION_DECAY = 0.12


@dataclass(frozen=True, slots=True, kw_only=True)
class Exposure:
    """The policy of a day: each slot of a page is drawn by itself, and stays empty where the page has the item already.

    So the probability that a free item stands in a slot, given the slots before it, is that of its draw.

    Attributes:
        share: float64 [I], probability of each item in a slot of the home page; 0 where it cannot be had.
        below: float64 [I + 1], cumulated.
        spans: int64 [C + 1], the categories.
    """

    share: Array
    below: Array
    spans: Array

    def draw(self, pages: Array, uniform: Array) -> Array:
        """int64 of the shape of `uniform`, the item of each slot.

        Args:
            pages: HOME or a category, broadcasting against `uniform`.
            uniform: float64 from 0 to 1.
        """
        low, high = self._bounds(pages)
        place = np.minimum(low + uniform * (high - low), np.nextafter(high, 0))
        return np.searchsorted(self.below, place, side="right") - 1

    def propensity(self, pages: Array, items: Array) -> Array:
        """float64, the probability with which the policy put each item in its slot."""
        low, high = self._bounds(pages)
        return self.share[items] / (high - low)

    def has(self, pages: Array) -> Array:
        """bool, whether a page has anything to show."""
        low, high = self._bounds(pages)
        return high > low

    def _bounds(self, pages: Array) -> tuple[Array, Array]:
        home = pages == HOME
        low = np.where(home, 0.0, self.below[self.spans[np.where(home, 0, pages)]])
        high = np.where(home, self.below[-1], self.below[self.spans[np.where(home, 0, pages) + 1]])
        return low, high


def exposure_of(world: World, day: int) -> Exposure:
    """The policy of a day: mostly by popularity, fashion and promotion, partly by chance."""
    items = world.items
    available = items.available(day)
    fashion = np.exp(FASHION_BOOST * world.moments.fashion[day][items.style] + world.moments.rise[day][items.style])
    weight = available * items.weight * fashion * np.where(items.on_promotion(day), PROMOTION_BOOST, 1.0)
    share = (1 - EXPLORE_SHARE) * weight / weight.sum() + EXPLORE_SHARE * available / available.sum()
    return Exposure(share=share, below=np.concatenate([[0.0], np.cumsum(share)]), spans=items.spans)


def category_pull(items: Items) -> Array:
    """float64 [C], how much of what the shop has to offer lies in each category."""
    return np.add.reduceat(items.weight, items.spans[:-1]) / items.weight.sum()


def examination() -> Array:
    """float32 [PAGE_SIZE], probability that a slot is looked at at all.

    Source: Craswell et al., An experimental comparison of click position-bias models, WSDM 2008 (the examination
    hypothesis).
    """
    return (1 / (1 + POSITION_DECAY * np.arange(PAGE_SIZE))).astype(np.float32)
