"""Events that are there twice: across the cut they are answers that training was told."""

import numpy as np

from winnow.evaluation.leaks.coded_events import CodedEvents
from winnow.evaluation.leaks.finding import Finding
from winnow.evaluation.leaks.split_events import SplitEvents
from winnow.schema.column import Array

CHECK = "duplicate events"


def duplicate_events(events: SplitEvents) -> Finding:
    """The same user, item, type and time: a leak where training has what is held out, else a warning."""
    group = same_event(events.both)
    sizes = np.bincount(group)
    told = np.bincount(group[: events.num_train], minlength=len(sizes)) > 0
    across = told[group[events.num_train :]]
    again = sizes[group] > 1
    rows = np.flatnonzero(across) + events.num_train if across.any() else np.flatnonzero(again)
    return Finding(
        check=CHECK,
        severity="leak" if across.any() else "warning" if again.any() else "none",
        sentence=f"{across.sum():,} of {len(events.test):,} held-out events are in the training time as well (same "
        f"user, item, type and time); {len(events.both) - len(sizes):,} of all {len(events.both):,} events repeat "
        "another.",
        evidence=events.both.first_rows(rows),
    )


def same_event(events: CodedEvents) -> Array:
    """int64 [N], a number for each event, equal where user, item, type and time are; from 0, without gaps."""
    columns = (events.types, events.items, events.users, events.at)
    order = np.lexsort(columns)
    new = np.zeros(len(order), bool)
    for column in columns:
        ordered = column[order]
        new[1:] |= ordered[1:] != ordered[:-1]
    group = np.empty(len(order), np.int64)
    group[order] = np.cumsum(new)
    return group
