"""Columns that say which item it was: a request that holds them holds its answer."""

import numpy as np

from winnow.evaluation.leaks.feature_codes import FeatureCodes, declared, feature_codes
from winnow.evaluation.leaks.finding import MOST_ROWS, Evidence, Finding
from winnow.evaluation.leaks.split_events import SplitEvents
from winnow.schema.column import Array
from winnow.schema.feature import Entity, Kind

CHECK = "columns that name the item"
MOST_NAMED = 0.5
"""Share of the events whose item a column may name."""
FEWEST = 50
"""Events whose value must be known from other users."""
KINDS = (Kind.ID, Kind.CATEGORY, Kind.NUMBER, Kind.TEXT)


def named_items(events: SplitEvents) -> Finding:
    """A leak where the value of a context feature leads to the event's item, learnt on one half of the users."""
    coded = [feature_codes(events, each, ranges=False) for each in declared(events, Entity.CONTEXT, KINDS)]
    shares = [share_named(each, events.train.users, events.train.items) for each in coded]
    top = np.bincount(events.train.items + 1)[1:].max(initial=0) / max(1, events.num_train)
    worst = int(np.argmax(shares)) if shares else -1
    named = shares[worst] if shares else 0.0
    leaks = named > max(MOST_NAMED, 2 * top)
    told = f"; '{coded[worst].name}' names the item of {named:.1%} of its events" if shares else ""
    return Finding(
        check=CHECK,
        severity="leak" if leaks else "none",
        sentence=f"{len(coded)} context features at {events.num_train:,} training events{told} (above {MOST_NAMED:.0%} "
        "is a leak).",
        evidence=_examples(events, coded[worst]) if leaks else (),
    )


def share_named(feature: FeatureCodes, users: Array, items: Array) -> float:
    """How often a value leads to the item that it most often comes with, each half of the users judged by the other.

    Returns:
        in [0, 1], of the events whose value the other half has too; 0 where there are fewer than FEWEST of them.
    """
    right = total = 0
    for half in (0, 1):
        judge, judged = users % 2 != half, users % 2 == half
        item_of = _most_frequent(feature.codes[judge], items[judge], len(feature.values))
        named = item_of[feature.codes[judged]]
        right += int(((named == items[judged]) & (named >= 0)).sum())
        total += int((named >= 0).sum())
    return right / total if total >= FEWEST else 0.0


def _most_frequent(codes: Array, items: Array, size: int) -> Array:
    """int64 [size], the item that most events with each value have; -1 for missing and unknown ones."""
    there = (codes > 0) & (items >= 0)
    pairs, counts = np.unique(codes[there] << 32 | items[there], return_counts=True)
    order = np.argsort(counts, kind="stable")
    found = np.full(size, -1, np.int64)
    found[pairs[order] >> 32] = pairs[order] & 0xFFFFFFFF
    return found


def _examples(events: SplitEvents, feature: FeatureCodes) -> Evidence:
    rows = np.flatnonzero(feature.codes > 0)[:MOST_ROWS]
    values = [feature.values[code] for code in feature.codes[rows].tolist()]
    shown = events.train.first_rows(rows)
    return tuple({**row, feature.name: value} for row, value in zip(shown, values, strict=True))
