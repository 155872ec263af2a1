"""Events of a user at one instant: nobody knows which came first, and the order of a file decides.

Source: HSTU and FuXi broke ties in another way than others did, which changed a quarter of MovieLens' test set
(github.com/blondered/transformer_benchmark).
"""

from collections.abc import Iterator

import numpy as np

from winnow.evaluation.leaks.finding import MOST_ROWS, Finding
from winnow.evaluation.leaks.split_events import SplitEvents
from winnow.schema.column import Array, Bools

TIES, ORDER, CLOCK = "timestamp ties", "undecided order", "coarse clock"
MOST_TIED = 0.05
"""Share of the held-out positives that may tie among themselves; more is worth a warning."""
MOST_UNDECIDED = 0.10
"""Share of the held-out positives that may tie with the history; more is a leak."""
FEWEST_DAYS = 3
"""Where events fall on fewer days, equal times of the day say nothing of the clock."""
MOST_TIMES_OF_DAY = 2
"""A clock of whole days shows one time of day, or two where summer time comes or goes."""
DAY_S = 86_400.0


def timestamp_ties(events: SplitEvents) -> Iterator[Finding]:
    """Ties among the held-out, ties of the held-out with what is learnt, and a clock that knows days only."""
    yield _ties(events)
    yield _undecided(events)
    yield _clock(events)


def _ties(events: SplitEvents) -> Finding:
    rows, positive = _positives(events)
    tied = tied_with_another(events.test.moments)[rows]
    share = tied.sum() / max(1, len(rows))
    return Finding(
        check=TIES,
        severity="warning" if share > MOST_TIED else "none",
        sentence=f"{tied.sum():,} of {positive} happened at the instant of another held-out event of the same user "
        f"({share:.1%}; up to {MOST_TIED:.0%} passes)"
        + (", so the order of the file says which of them is next." if tied.any() else "."),
        evidence=events.test.first_rows(rows[tied]) if share > MOST_TIED else (),
    )


def _undecided(events: SplitEvents) -> Finding:
    rows, positive = _positives(events)
    open_ = undecided(events)[rows]
    share = open_.sum() / max(1, len(rows))
    return Finding(
        check=ORDER,
        severity="leak" if share > MOST_UNDECIDED else "warning" if open_.any() else "none",
        sentence=f"{open_.sum():,} of {positive} would change if ties were broken otherwise: the user has another item "
        f"at that instant in training ({share:.1%}; more than {MOST_UNDECIDED:.0%} is a leak).",
        evidence=events.test.first_rows(rows[open_]),
    )


def _clock(events: SplitEvents) -> Finding:
    at = events.both.at
    times, counts = np.unique(at % DAY_S, return_counts=True)
    days = len(np.unique(at // DAY_S))
    coarse = days >= FEWEST_DAYS and len(times) <= MOST_TIMES_OF_DAY
    shown = np.argsort(-counts, kind="stable")[:MOST_ROWS] if coarse else np.empty(0, np.int64)
    return Finding(
        check=CLOCK,
        severity="warning" if coarse else "none",
        sentence=f"{len(at):,} events on {days:,} days show {len(times):,} different times of the day"
        + (": the clock counts days, and what a user did on one day has no order." if coarse else "."),
        evidence=tuple({"second of the day": float(times[row]), "events": int(counts[row])} for row in shown.tolist()),
    )


def tied_with_another(moments: Array) -> Bools:
    """bool [N], whether the same user has another of these events at the same instant."""
    _, group, sizes = np.unique(moments, return_inverse=True, return_counts=True)
    return sizes[group] > 1


def undecided(events: SplitEvents) -> Bools:
    """bool [N], held-out events at whose instant the same user has another item in training."""
    train, test = events.train, events.test
    rows = np.flatnonzero(np.isin(train.at, test.at))
    if not len(rows):
        return np.zeros(len(test), bool)
    moments, group = np.unique(train.moments[rows], return_inverse=True)
    low, high = np.full(len(moments), np.iinfo(np.int64).max), np.full(len(moments), -2)
    np.minimum.at(low, group, train.items[rows])
    np.maximum.at(high, group, train.items[rows])
    place = np.minimum(np.searchsorted(moments, test.moments), len(moments) - 1)
    return (moments[place] == test.moments) & ((low[place] != test.items) | (high[place] != test.items))


def _positives(events: SplitEvents) -> tuple[Array, str]:
    """Rows of the held-out positives, and how many they are in words."""
    rows = np.flatnonzero(events.test.positive)
    return rows, f"{len(rows):,} held-out positive events"
