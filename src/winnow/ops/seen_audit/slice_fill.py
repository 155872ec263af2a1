"""How full the bitmaps of users are."""

from collections.abc import Sequence

import numpy as np

from winnow.schema.column import Array
from winnow.stores.seen_days import SeenDays
from winnow.stores.seen_layout import SeenLevel

EDGES = (0.0, 0.125, 0.25, 0.375, 0.5)
LABELS = ("empty", "up to 1/8", "up to 1/4", "up to 3/8", "up to 1/2", "over 1/2")
"""Of the fullest slice of a user; a slice is full at a half."""


def fill_of(days: SeenDays, levels: Sequence[SeenLevel]) -> Array:
    """Places in LABELS, int64 [B], by the highest share of bits that are set in any slice of any day of each user."""
    highest = [
        max((_fill(bits, level) for bits in _bitmaps(days, user) for level in levels), default=0.0)
        for user in range(len(days))
    ]
    return np.searchsorted(EDGES, highest, side="left")


def _bitmaps(days: SeenDays, user: int) -> list[Array]:
    return np.split(days.bits.row(user), np.cumsum(days.sizes.row(user))[:-1])


def _fill(bits: Array, level: SeenLevel) -> float:
    own = bits[level.start // 8 : (level.start + level.bits) // 8]
    return float(np.bitwise_count(own).sum()) / level.bits
