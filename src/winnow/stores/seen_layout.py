"""Where bits lie in the bitmap of a day: the same for every store, whatever language it writes them in."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from winnow.schema.errors import RecipeError

LEVELS = 8
FIRST_SHARE = 0.75
"""Of a day's share of the error rate; what is left bounds all later levels, each with a quarter of the one before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenConfig:
    """What is remembered of what users have had, besides what training has seen.

    Attributes:
        items_a_day: of one user, for which the first bitmap of a day is made; more open another of twice the size.
        error_rate: share of unseen items that the filter of all days together may call seen, between 0 and 1.
        days: UTC days that are remembered, the present one included, 1 to 64.
    """

    items_a_day: int = 200
    error_rate: float = 0.01
    days: int = 7

    def __post_init__(self) -> None:
        if self.items_a_day < 1:
            raise RecipeError(f"items_a_day of the seen filter is {self.items_a_day}; it is 1 or more.")
        if not 0 < self.error_rate < 1:
            raise RecipeError(f"error_rate of the seen filter is {self.error_rate}; it lies between 0 and 1.")
        if not 1 <= self.days <= 64:
            raise RecipeError(f"days of the seen filter is {self.days}; it is from 1 to 64.")

    @staticmethod
    def from_dict(values: Mapping[str, Any]) -> "SeenConfig":
        """From plain values, as a bundle's manifest holds them.

        Raises:
            RecipeError: a value that no SeenConfig has, or one that is out of range.
        """
        known = [each.name for each in fields(SeenConfig)]
        if unknown := sorted(set(values) - set(known)):
            raise RecipeError(f"The seen filter of a recipe has no '{unknown[0]}'; it has: {', '.join(known)}.")
        return SeenConfig(**values)

    def days_kept(self, today: int) -> range:
        """The UTC days, since 1970, of which a store may hold anything when the present one is `today`.

        One is too old already, and there until the store tidies up.
        """
        return range(today - self.days, today + self.days)


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenLevel:
    """A Bloom filter inside the bitmap of a day.

    Attributes:
        start: its first bit; a multiple of 8.
        bits: how many it has; a multiple of 8.
        hashes: bits that are set for each item.
    """

    start: int
    bits: int
    hashes: int


def seen_levels(config: SeenConfig) -> tuple[SeenLevel, ...]:
    """The levels of a day's bitmap, one behind the other.

    Items go into the first level that is not full; one is full when half of its bits are set, and calls then
    2 ** -hashes of the unseen items seen. Each is made for twice as many items as the one before, and errs a quarter as
    often, so that all levels of all days together stay below the stated rate however much is seen. Bit n of a bitmap is
    the bit of the value 128 >> n % 8 in byte n // 8, as Valkey's SETBIT has it, and bits beyond its end are 0.

    Source: Bloom, Space/time trade-offs in hash coding with allowable errors, 1970; Almeida et al., Scalable Bloom
    Filters, 2007.
    """
    hashes = math.ceil(math.log2(config.days / (config.error_rate * FIRST_SHARE)))
    levels: list[SeenLevel] = []
    start = 0
    for level in range(LEVELS):
        own = hashes + 2 * level
        size = 8 * math.ceil(config.items_a_day * 2**level * own / math.log(2) / 8)
        levels.append(SeenLevel(start=start, bits=size, hashes=own))
        start += size
    return tuple(levels)


def places_of(level: SeenLevel, item_hash: int) -> list[int]:
    """Bits of an item inside a level, by enhanced double hashing of the two halves of its stable hash.

    Source: Dillinger and Manolios, Bloom Filters in Probabilistic Verification, 2004.
    """
    lower, upper = item_hash & 0xFFFF_FFFF, item_hash >> 32
    return [(lower + upper * step + (step**3 - step) // 6) % level.bits for step in range(level.hashes)]


def seen_day(at: float) -> int:
    """The UTC day of an instant, days since 1970."""
    return math.floor(at / 86_400.0)
