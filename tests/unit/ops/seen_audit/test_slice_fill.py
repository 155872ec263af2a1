import numpy as np

from winnow.ops.seen_audit.slice_fill import LABELS, fill_of
from winnow.stores.seen_bitmaps import SeenBitmaps
from winnow.stores.seen_days import days_of
from winnow.stores.seen_layout import SeenConfig, seen_levels

LEVELS = seen_levels(SeenConfig(items_a_day=50, days=3))


def bitmaps(a_day: list[int]) -> list[bytes]:
    made, generator = SeenBitmaps(days=3, levels=LEVELS), np.random.default_rng(sum(a_day))
    for day, number in enumerate(a_day):
        for item in generator.integers(2**63, size=number).tolist():
            made.add(item, day * 86_400.0, 2)
    return made.until(2)


def slow(days: list[bytes]) -> float:
    shares = [0.0]
    for bits in days:
        for level in LEVELS:
            places = range(level.start, min(level.start + level.bits, 8 * len(bits)))
            shares.append(sum(bits[place // 8] >> (7 - place % 8) & 1 for place in places) / level.bits)
    return max(shares)


def test_users_are_told_apart_by_their_fullest_slice():
    users = [bitmaps(each) for each in ([], [0, 0, 5], [3, 16, 2], [25], [40, 1, 1], [0, 300, 2])]
    fills = fill_of(days_of(users), LEVELS)
    limits = (0.0, 0.125, 0.25, 0.375, 0.5)
    assert fills.tolist() == [sum(slow(days) > limit for limit in limits) for days in users]
    assert LABELS[fills[0]] == "empty"
    assert len(set(fills.tolist())) > 3
