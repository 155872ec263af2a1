"""What one user did lately, in memory."""

from array import array
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field

import numpy as np

from winnow.schema.column import Array
from winnow.stores.seen_bitmaps import SeenBitmaps


def _doubles() -> "array[float]":
    return array("d")


def _hashes() -> "array[int]":
    return array("Q")


def _codes() -> "array[int]":
    return array("b")


@dataclass(slots=True, kw_only=True)
class LiveUser:
    """The last events of each type, all by time, and what was seen.

    Attributes:
        seen: what was seen, by day.
        day: the last UTC day, since 1970, on which anything came.
        edition: of the store; a user of an earlier one is shared with a snapshot and must not be written to.
        item_hashes, types, at: of the events, oldest first: stable hashes, codes, UTC seconds.
        count: how many events there ever were.
    """

    seen: SeenBitmaps
    day: int
    edition: int = 0
    item_hashes: "array[int]" = field(default_factory=_hashes)
    types: "array[int]" = field(default_factory=_codes)
    at: "array[float]" = field(default_factory=_doubles)
    count: int = 0

    def add(self, item_hash: int, code: int, at: float, length: int) -> None:
        """Takes one event in; the oldest of its type goes if there are more than `length`."""
        self.count += 1
        place = bisect_right(self.at, at)
        self.item_hashes.insert(place, item_hash)
        self.types.insert(place, code)
        self.at.insert(place, at)
        if self.types.count(code) > length:
            oldest = self.types.index(code)
            del self.item_hashes[oldest], self.types[oldest], self.at[oldest]

    def take_in(self, other: "LiveUser", length: int, today: int) -> None:
        """Adds all that is kept of another; at equal times what was there comes first."""
        count = self.count + other.count
        for item_hash, code, at in zip(other.item_hashes, other.types, other.at, strict=True):
            self.add(item_hash, code, at, length)
        self.count = count
        self.seen.take_in(other.seen, today)

    def before(self, at: float) -> tuple[Array, Array, Array]:
        """Copies as uint64, int8 and float64 of what was strictly earlier."""
        end = bisect_left(self.at, at)
        return (
            np.array(self.item_hashes[:end], np.uint64),
            np.array(self.types[:end], np.int8),
            np.array(self.at[:end], np.float64),
        )

    def copy(self, edition: int) -> "LiveUser":
        """One that may be written to."""
        return LiveUser(
            seen=self.seen.copy(),
            day=self.day,
            edition=edition,
            item_hashes=self.item_hashes[:],
            types=self.types[:],
            at=self.at[:],
            count=self.count,
        )
