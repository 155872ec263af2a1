"""What a visitor may like: one number for each word that an item can carry, and some slopes."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from winnow.data.shop.lexicon import CATEGORIES, COLOURS, GENDERS, MATERIALS, MOODS, OCCASIONS, PATTERNS
from winnow.schema.column import Array

GROUP_SHARE, FACTOR_SHARE = 0.15, 0.65
"""Shares of the variance of likings: what age and gender explain, and what hidden factors explain that go through all
likings at once, so that people with some likings in common have others in common too. The rest is one's own."""
FACTORS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Neighbouring columns of the likings that belong to one attribute of items.

    Attributes:
        effect: the effect that they are part of.
        attribute: of Items; for a slope, what it is multiplied with.
        width: number of words, 1 for a slope.
        sd: standard deviation over users.
        mean: over users.
        start: first column.
    """

    effect: str
    attribute: str
    width: int
    sd: float
    mean: float
    start: int


class Likings:
    """The F columns of everybody's likings."""

    def __init__(self, *blocks: tuple[str, str, int, float, float]) -> None:
        starts = np.cumsum([0, *(width for _, _, width, _, _ in blocks)]).tolist()
        self.blocks = tuple(
            Block(effect=effect, attribute=attribute, width=width, sd=sd, mean=mean, start=start)
            for (effect, attribute, width, sd, mean), start in zip(blocks, starts, strict=False)
        )
        self.width = int(starts[-1])

    def __iter__(self) -> Iterator[Block]:
        return iter(self.blocks)

    def block(self, attribute: str) -> slice:
        """The columns of an attribute."""
        block = next(each for each in self.blocks if each.attribute == attribute)
        return slice(block.start, block.start + block.width)

    def prior(self, draw: np.random.Generator, groups: int) -> Array:
        """float32 [groups, F], the mean likings of each group."""
        spread = draw.normal(size=(groups, self.width)) * np.sqrt(GROUP_SHARE) * self._each("sd")
        return (self._each("mean") + spread).astype(np.float32)

    def loadings(self, draw: np.random.Generator) -> Array:
        """float32 [FACTORS, F], what each hidden factor does to the likings."""
        direction = draw.normal(size=(FACTORS, self.width))
        direction /= np.linalg.norm(direction, axis=0)
        return (direction * np.sqrt(FACTOR_SHARE) * self._each("sd")).astype(np.float32)

    def own_sd(self) -> Array:
        """float32 [F], around what group and factors say."""
        return (np.sqrt(1 - GROUP_SHARE - FACTOR_SHARE) * self._each("sd")).astype(np.float32)

    def _each(self, name: str) -> Array:
        return np.repeat([getattr(each, name) for each in self.blocks], [each.width for each in self.blocks])


LIKINGS = Likings(
    ("taste", "category", len(CATEGORIES), 0.75, 0.0),
    ("taste", "colour", len(COLOURS), 0.45, 0.0),
    ("taste", "material", len(MATERIALS), 0.45, 0.0),
    ("taste", "gender", len(GENDERS), 0.2, 0.0),
    ("picture", "pattern", len(PATTERNS), 0.8, 0.0),
    ("picture", "shade", 1, 1.0, 0.0),
    ("words", "mood", len(MOODS), 0.8, 0.0),
    ("words", "occasion", len(OCCASIONS), 0.6, 0.0),
    ("price", "dearness", 1, 0.6, -1.0),
)
