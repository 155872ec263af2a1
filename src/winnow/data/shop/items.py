"""The items of the simulated shop: what they are, what they cost, and when they can be had."""

from dataclasses import dataclass

import numpy as np

from winnow.data.shop.lexicon import (
    CATEGORIES,
    CATEGORY_OF_STYLE,
    COLOURS,
    GENDERS,
    MATERIALS,
    MOODS,
    OCCASIONS,
    PATTERNS,
    STYLE_NAMES,
)
from winnow.data.shop.seeds import stream
from winnow.data.shop.shop_spec import ShopSpec
from winnow.schema.column import Array, Bools

POPULARITY_EXPONENT = 0.7
LATE_SHARE, WITHDRAWN_SHARE, SOLD_OUT_SHARE, PROMOTED_SHARE = 0.10, 0.04, 0.10, 0.15
PROMOTION_DISCOUNT = 0.2
NEVER = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Items:
    """I items, grouped by category so that a category is a span of rows.

    Attributes:
        category, style, colour, material, mood, occasion, pattern, gender: uint8 [I], codes of the words. Colour and
            material show in words and picture, mood and occasion in words only, pattern and shade in the picture only.
        shade: float32 [I] from -1 (dark) to 1 (light).
        price: float64 [I], before discounts.
        appeal: float32 [I], attractiveness to everybody; standard normal.
        weight: float64 [I], how readily the shop shows an item; a few are shown very often.
        arrives, withdrawn: int32 [I], first day on which an item can be had, and first day on which it cannot; 0 and
            NEVER for most.
        sold_out, back: int32 [I], first day without stock and first day with it again; both NEVER for most.
        promoted, promotion_ends: int32 [I], likewise for a promotion.
    """

    category: Array
    style: Array
    colour: Array
    material: Array
    mood: Array
    occasion: Array
    pattern: Array
    gender: Array
    shade: Array
    price: Array
    appeal: Array
    weight: Array
    arrives: Array
    withdrawn: Array
    sold_out: Array
    back: Array
    promoted: Array
    promotion_ends: Array

    def __len__(self) -> int:
        return len(self.style)

    @property
    def spans(self) -> Array:
        """int64 [C + 1]; items of category `c` are rows `spans[c]:spans[c + 1]`."""
        return np.searchsorted(self.category, np.arange(len(CATEGORIES) + 1))

    def available(self, day: int) -> Bools:
        """bool [I], whether an item can be had on a day."""
        sold_out = (self.sold_out <= day) & (day < self.back)
        return (self.arrives <= day) & (day < self.withdrawn) & ~sold_out

    def on_promotion(self, day: int) -> Bools:
        """bool [I], whether an item is promoted on a day."""
        return (self.promoted <= day) & (day < self.promotion_ends)

    def shown_price(self, day: int) -> Array:
        """float64 [I], with the day's discounts."""
        return np.round(self.price * np.where(self.on_promotion(day), 1 - PROMOTION_DISCOUNT, 1.0), 2)

    def dearness(self, day: int) -> Array:
        """float32 [I], standardised logarithm of the day's price."""
        level = np.log(self.price)
        return ((np.log(self.shown_price(day)) - level.mean()) / max(level.std(), 1e-9)).astype(np.float32)


def make_items(spec: ShopSpec) -> Items:
    """Draw the items."""
    draw = stream(spec.seed, "items")
    n, styles = spec.items, len(STYLE_NAMES)
    style = np.sort(draw.permutation(np.concatenate([_one_of_each_category(draw), draw.integers(styles, size=n)])[:n]))
    first = np.unique(np.array(CATEGORY_OF_STYLE)[style], return_index=True)[1]
    always = np.zeros(n, np.bool_)
    always[first] = True
    level = draw.normal(3.7, 0.75, styles)
    appeal = draw.normal(size=n)
    rank = np.argsort(np.argsort(-(appeal + 2.0 * draw.normal(size=n))))
    arrives = np.where(_some(draw, LATE_SHARE, ~always), _day(draw, n, spec.days, 0.4, 0.97), 0)
    passing = ~always & (arrives == 0)  # nothing goes before it came
    withdrawn = np.where(_some(draw, WITHDRAWN_SHARE, passing), _day(draw, n, spec.days, 0.5, 1.0), NEVER)
    sold_out = np.where(_some(draw, SOLD_OUT_SHARE, passing), _day(draw, n, spec.days, 0.0, 1.0), NEVER)
    promoted = np.where(draw.random(n) < PROMOTED_SHARE, _day(draw, n, spec.days, 0.0, 1.0), NEVER)
    return Items(
        category=np.array(CATEGORY_OF_STYLE, np.uint8)[style],
        style=style.astype(np.uint8),
        colour=_codes(draw, COLOURS, n),
        material=_codes(draw, MATERIALS, n),
        mood=_codes(draw, MOODS, n),
        occasion=_codes(draw, OCCASIONS, n),
        pattern=_codes(draw, PATTERNS, n),
        gender=draw.choice(len(GENDERS), n, p=(0.17, 0.13, 0.70)).astype(np.uint8),
        shade=draw.uniform(-1, 1, n).astype(np.float32),
        price=np.maximum(np.round(np.exp(draw.normal(level[style], 0.4)), 2), 0.5),
        appeal=appeal.astype(np.float32),
        weight=(rank + 4.0) ** -POPULARITY_EXPONENT,
        arrives=arrives.astype(np.int32),
        withdrawn=withdrawn.astype(np.int32),
        sold_out=sold_out.astype(np.int32),
        back=np.where(sold_out < NEVER, sold_out + draw.integers(1, 5, n), NEVER).astype(np.int32),
        promoted=promoted.astype(np.int32),
        promotion_ends=np.where(promoted < NEVER, promoted + draw.integers(3, 6, n), NEVER).astype(np.int32),
    )


def _one_of_each_category(draw: np.random.Generator) -> Array:
    categories = np.array(CATEGORY_OF_STYLE)
    return np.array([draw.choice(np.flatnonzero(categories == each)) for each in range(len(CATEGORIES))])


def _some(draw: np.random.Generator, share: float, among: Bools) -> Bools:
    return (draw.random(len(among)) < share) & among


def _day(draw: np.random.Generator, n: int, days: int, low: float, high: float) -> Array:
    return draw.integers(max(1, int(low * days)), max(2, int(high * days)), n)


def _codes(draw: np.random.Generator, words: tuple[str, ...], n: int) -> Array:
    return draw.integers(len(words), size=n).astype(np.uint8)
