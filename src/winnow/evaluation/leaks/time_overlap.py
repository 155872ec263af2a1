"""Whether learning reaches into the time that is evaluated, by the events themselves."""

from collections.abc import Iterator

import numpy as np

from winnow.evaluation.leaks.coded_events import instant
from winnow.evaluation.leaks.finding import Finding
from winnow.evaluation.leaks.split_events import SplitEvents
from winnow.schema.column import Array

CHECK = "time overlap"


def time_overlap(events: SplitEvents) -> Iterator[Finding]:
    """Of a cut in time, events on the wrong side; of any other split, each user's own future and that of others."""
    if events.cut is not None:
        yield _across_cut(events, events.cut)
    else:
        yield _own_future(events)
        yield _future_of_others(events)


def _across_cut(events: SplitEvents, cut: float) -> Finding:
    late, early = np.flatnonzero(events.train.at >= cut), np.flatnonzero(events.test.at < cut)
    shown = events.train.first_rows(late) or events.test.first_rows(early)
    return Finding(
        check=CHECK,
        severity="leak" if len(late) or len(early) else "none",
        sentence=f"{len(late):,} of {events.num_train:,} training events lie at or after the cut, {instant(cut)}, and "
        f"{len(early):,} of {len(events.test):,} held-out events before it.",
        evidence=shown,
    )


def _own_future(events: SplitEvents) -> Finding:
    """A user's training events that are later than the first held-out one."""
    late = np.flatnonzero(events.train.at > _first_held_out(events)[events.train.users])
    return Finding(
        check=CHECK,
        severity="leak" if len(late) else "none",
        sentence=f"{len(late):,} of {events.num_train:,} training events are later than a held-out event of the same "
        "user.",
        evidence=events.train.first_rows(late),
    )


def _future_of_others(events: SplitEvents) -> Finding:
    first = events.test.at.min(initial=np.inf)
    late = np.flatnonzero(events.train.at > first)
    return Finding(
        check=CHECK,
        severity="warning" if len(late) else "none",
        sentence="labelled: leave-one-out looks into other users' future. "
        f"{len(late):,} of {events.num_train:,} training events are later than the earliest held-out event.",
        evidence=events.train.first_rows(late),
    )


def _first_held_out(events: SplitEvents) -> Array:
    """float64, by code of user; infinite for who has none."""
    first = np.full(events.both.users.max(initial=-1) + 1, np.inf)
    np.minimum.at(first, events.test.users, events.test.at)
    return first
