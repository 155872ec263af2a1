"""Random choices that belong to a row, whatever else is drawn beside it."""

import numpy as np

from winnow.data.shop.seeds import stream
from winnow.schema.column import Array

PURPOSES = ("titles", "descriptions", "looks")
STEP, MIX_1, MIX_2 = (np.uint64(each) for each in (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB))


class RowDraws:
    """One choice after the other for many rows; a row chooses the same in any slice.

    Args:
        seed: of the shop.
        purpose: one of PURPOSES.
        num_rows: of all.
        rows: those that choose.

    Source:
        Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014.
    """

    def __init__(self, seed: int, purpose: str, num_rows: int, rows: slice = slice(None)) -> None:
        key = stream(seed, "looks", PURPOSES.index(purpose)).integers(2**64, dtype=np.uint64)
        self.rows = rows
        self._state = key + (np.arange(*rows.indices(num_rows), dtype=np.uint64) << np.uint64(32))

    def bits(self) -> Array:
        """uint64 [rows], evenly spread; others at each call."""
        self._state += STEP
        mixed = (self._state ^ (self._state >> np.uint64(30))) * MIX_1
        mixed = (mixed ^ (mixed >> np.uint64(27))) * MIX_2
        return mixed ^ (mixed >> np.uint64(31))

    def choice(self, number: int) -> Array:
        """int32 [rows] from 0 up to `number`; others at each call."""
        return ((self.bits() >> np.uint64(32)) * np.uint64(number) >> np.uint64(32)).astype(np.int32)
