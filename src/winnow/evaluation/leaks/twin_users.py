"""Users who did the very same as another: one person under two names, a robot, or an export that ran twice."""

import numpy as np
import pyarrow as pa

from winnow.data.dataset import USER
from winnow.evaluation.leaks.coded_events import CodedEvents
from winnow.evaluation.leaks.finding import MOST_ROWS, Evidence, Finding
from winnow.evaluation.leaks.split_events import SplitEvents
from winnow.schema.column import Array, Bools
from winnow.schema.mixed_bits import STEP, mixed_bits

CHECK = "twin users"
FEWEST_ITEMS = 5
"""Different ones; what is done with fewer is equal by chance."""
MOST_TWINS = 0.01
"""Share of the users with so many items that may have a twin."""


def twin_users(events: SplitEvents) -> Finding:
    """A warning where more than MOST_TWINS have one; a twin tells of its other half only what is before the cut too."""
    users, sequence = sequences(events.both)
    distinct, group, sizes = np.unique(sequence, return_inverse=True, return_counts=True)
    twins = sizes[group] > 1
    share = twins.sum() / max(1, len(users))
    return Finding(
        check=CHECK,
        severity="warning" if share > MOST_TWINS else "none",
        sentence=f"{twins.sum():,} of {len(users):,} users with at least {FEWEST_ITEMS} different items did the very "
        f"same as another, item by item ({share:.1%}; up to {MOST_TWINS:.0%} passes).",
        evidence=_pairs(events.both, users, group, twins) if len(distinct) < len(users) else (),
    )


def sequences(events: CodedEvents) -> tuple[Array, Array]:
    """Users with FEWEST_ITEMS and more, by code, and a number for each that only equal sequences share.

    Returns:
        int64 [U] and uint64 [U], a hash over items and types in the order of time.
    """
    order = np.lexsort((np.arange(len(events)), events.at, events.users))
    users, counts = np.unique(events.users, return_counts=True)
    place = np.arange(len(order)) - np.repeat(np.cumsum(counts) - counts, counts)
    what = (events.items[order] + 1) * 256 + events.types[order] + 1
    mixed = mixed_bits(what.astype(np.uint64) + mixed_bits(place.astype(np.uint64) * STEP))
    sums = np.zeros(len(users), np.uint64)
    np.add.at(sums, np.repeat(np.arange(len(users)), counts), mixed)
    pairs = np.unique(events.users * (events.items.max(initial=0) + 2) + events.items + 1)
    many = np.bincount(pairs // (events.items.max(initial=0) + 2), minlength=1)[users] >= FEWEST_ITEMS
    return users[many], (sums + mixed_bits(counts.astype(np.uint64)))[many]


def _pairs(events: CodedEvents, users: Array, group: Array, twins: Bools) -> Evidence:
    """The first twins, with how many events they have."""
    rows = np.flatnonzero(twins)
    shown = rows[np.argsort(group[rows], kind="stable")][:MOST_ROWS]
    counts = np.bincount(events.users)
    first = np.array([np.flatnonzero(events.users == users[row])[0] for row in shown.tolist()], np.int64)
    names = events.table[USER].take(pa.array(first)).to_pylist()
    return tuple(
        {USER: name, "events": int(counts[users[row]]), "twins": int(group[row])}
        for name, row in zip(names, shown.tolist(), strict=True)
    )
