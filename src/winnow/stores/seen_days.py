"""What users have seen, a bitmap for each day."""

from collections.abc import Sequence
from functools import cache

import numpy as np

from winnow.schema.column import Array, Bools, Ragged, offsets_of, offsets_of_each, one_row
from winnow.schema.record import record
from winnow.stores.seen_layout import SeenLevel

AT_ONCE = 8
"""Days that are looked up together, one bit of a byte for each."""


@record()
class SeenDays:
    """Bitmaps of B users, at most 64 days of each; see `seen_levels`.

    Attributes:
        bits: uint8, the bitmaps of a user's days one after the other, in any order.
        sizes: int64, bytes of each of them; 0 for a day on which nothing was seen.
    """

    bits: Ragged
    sizes: Ragged

    def __len__(self) -> int:
        return len(self.sizes)


def no_days(batch: int) -> SeenDays:
    """Nothing is known to be seen."""
    offsets = np.zeros(batch + 1, np.int64)
    return SeenDays(bits=Ragged(np.empty(0, np.uint8), offsets), sizes=Ragged(np.empty(0, np.int64), offsets))


def days_of(users: Sequence[Sequence[bytes]]) -> SeenDays:
    """From the bitmaps of each of B users."""
    maps = [day for days in users for day in days]
    sizes, days = np.array([len(day) for day in maps], np.int64), offsets_of_each([len(days) for days in users])
    joined = np.frombuffer(b"".join(maps), np.uint8)
    bits = one_row(len(joined)) if len(users) == 1 else offsets_of(sizes)[days]
    return SeenDays(bits=Ragged(joined, bits), sizes=Ragged(sizes, days))


def places(level: SeenLevel, item_hashes: Array) -> Array:
    """Bits of each item inside a level, int64 [hashes, N]: `places_of`, for many items."""
    lower, upper = np.ascontiguousarray(item_hashes, "<u8").view("<u4").reshape(-1, 2).T.astype(np.int64)
    steps, further = _steps(level.hashes)
    places = upper * steps
    places += lower
    places += further
    places -= places // level.bits * level.bits  # the remainder, in two thirds of the time
    return places


@cache
def _steps(hashes: int) -> tuple[Array, Array]:
    """int64 [hashes, 1] each: how often the upper half of a hash is added, and what is added besides."""
    steps = np.arange(hashes)[:, None]
    return steps, (steps**3 - steps) // 6


def seen_among(
    days: SeenDays, levels: Sequence[SeenLevel], item_hashes: Array, offsets: Array, first: Array | None = None
) -> Bools:
    """Whether each candidate was seen by its user on any of the days; some that were not are called seen.

    Args:
        days: of B users.
        levels: of every bitmap.
        item_hashes: uint64 [N] stable hashes of all candidates.
        offsets: int64 [B + 1]; candidates of user `b` are `offsets[b]:offsets[b + 1]`.
        first: int64 [hashes, N], their `places` in the first level, where they are known.

    Returns:
        bool [N].
    """
    seen = np.zeros(len(item_hashes), bool)
    if not len(days.bits.values):
        return seen
    bounds = offsets.tolist()
    for user in range(len(days)):
        own = slice(bounds[user], bounds[user + 1])
        bits, sizes = days.bits.row(user), days.sizes.row(user)
        if len(bits) and bounds[user] < bounds[user + 1]:
            seen[own] = _seen(bits, sizes, levels, item_hashes[own], None if first is None else first[:, own])
    return seen


def _seen(bits: Array, sizes: Array, levels: Sequence[SeenLevel], item_hashes: Array, first: Array | None) -> Bools:
    seen = np.zeros(len(item_hashes), bool)
    starts = sizes.cumsum() - sizes
    for level in levels:
        there = (sizes > level.start // 8).nonzero()[0]
        if not len(there):
            break
        own = places(level, item_hashes) if first is None or level.start else first
        for begin in range(0, len(there), AT_ONCE):
            days = there[begin : begin + AT_ONCE]
            by_day = _by_day(bits, starts[days], sizes[days], level)
            seen |= np.bitwise_and.reduce(by_day.take(own)) != 0
    return seen


def _by_day(bits: Array, starts: Array, sizes: Array, level: SeenLevel) -> Array:
    """uint8 [bits of the level], in which bit `d` is that of day `d` of at most 8."""
    first, last = level.start // 8, (level.start + level.bits) // 8
    if len(starts) == 1:  # as visitors have, most of whom do not come every day
        return np.unpackbits(bits[starts[0] + first : starts[0] + min(sizes[0], last)], count=level.bits)
    days = np.zeros((len(starts), level.bits // 8), np.uint8)
    for day, start, size in zip(days, starts.tolist(), sizes.tolist(), strict=True):
        end = min(size, last)
        day[: end - first] = bits[start + first : start + end]
    shifts = np.arange(len(days), dtype=np.uint8)[:, None]
    return np.bitwise_or.reduce(np.unpackbits(days, axis=1) << shifts, axis=0)
