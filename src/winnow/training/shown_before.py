"""What was known of items when they were shown: counts of the days before, never of the same day."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from winnow.schema.column import Array
from winnow.stores.showings import Showings, no_showings
from winnow.training.impression_rows import ImpressionRows
from winnow.training.place_rates import looks_of, place_rates

DAY_S = 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownBefore:
    """Figures of impressions, as of the beginning of their day.

    Attributes:
        table: float32 [P, W], of each item on each day on which it was shown.
        place: int64 [N], rows of the table.
        last: what is known at the end.
    """

    table: Array
    place: Array
    last: Showings

    def __call__(self, chosen: Array) -> Array:
        """float32 [n, W] of some of the impressions."""
        return self.table[self.place[chosen]]


def shown_before(
    rows: ImpressionRows, codes: Array, sizes: Sequence[int], half_lives_days: Sequence[float], until: float
) -> ShownBefore:
    """Counts day by day, days of 24 hours that end at `until`; what is shown later sees what was known by then.

    Args:
        rows: N impressions by time.
        codes: int32 [I, Fc], of all items.
        sizes: codes of each column; 0 for one that is not counted, such as which item it is.
        half_lives_days: after which looks and clicks weigh half.
        until: UTC seconds; impressions from then on are not counted.
    """
    columns = [place for place, size in enumerate(sizes) if size]
    state = no_showings(half_lives_days, columns, len(codes), [sizes[column] for column in columns])
    age = np.ceil((until - rows.at) / DAY_S).clip(0).astype(np.int64)
    looks = np.zeros(len(rows))
    counted = age > 0
    if counted.any():
        clicked, positions = rows.clicked[counted], rows.positions[counted]
        looks[counted] = looks_of(place_rates(clicked, positions), positions)
    tables, place, size = [np.empty((0, state.width), np.float32)], np.empty(len(rows), np.int64), 0
    for day in range(int(age.max(initial=0)), -1, -1):
        members = np.flatnonzero(age == day)
        items, which = np.unique(rows.items[members], return_inverse=True)
        tables.append(state.figures(codes, items))
        place[members] = size + which
        size += len(items)
        if day:
            state = _counted(state, rows, looks, codes, members, until - (day - 1) * DAY_S)
    return ShownBefore(table=np.concatenate(tables), place=place, last=state)


def _counted(
    state: Showings, rows: ImpressionRows, looks: Array, codes: Array, members: Array, until: float
) -> Showings:
    """A day later, with what was shown on that day."""
    halves, items = np.array(state.half_lives_days), rows.items[members]
    weights = 0.5 ** ((until - rows.at[members])[:, None] / DAY_S / halves)
    events = np.stack([looks[members], rows.clicked[members]])[:, :, None] * weights
    left = 0.5 ** (1 / halves)
    counted = [_added(state.items * left, items, events)]
    for table, column in zip(state.codes, state.columns, strict=True):
        counted.append(_added(table * left, codes[items, column], events))
    return replace(state, until=until, items=counted[0], codes=tuple(counted[1:]))


def _added(table: Array, places: Array, events: Array) -> Array:
    """float32 [2, K, H], with events [2, n, H] at their places."""
    sums = [
        [np.bincount(places, each, minlength=table.shape[1]) for each in events[which].T] for which in range(len(table))
    ]
    return (table + np.stack([np.stack(each, axis=1) for each in sums])).astype(np.float32)
