"""What was known of items when they were shown: counts of the days before, never of the same day."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from winnow.schema.column import Array, Bools
from winnow.stores.showings import Showings, no_showings
from winnow.training.impression_rows import ImpressionRows
from winnow.training.place_rates import looks_of, place_rates
from winnow.training.scratch import slices

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
    days = list(_days(rows.at, until))
    (_, later), earlier = days[-1], days[:-1]
    rates = _rates(rows, later.start) if earlier else np.ones(0)
    size = sum(int(_shown(rows, members, len(codes)).sum()) for _, members in days)
    table = rows.scratch.empty((size, state.width), np.float32)
    place, start = rows.scratch.empty((len(rows),), np.int64), 0
    for day, members in days:
        is_shown = _shown(rows, members, len(codes))
        items, number = np.flatnonzero(is_shown), start - 1 + np.cumsum(is_shown)
        table[start : start + len(items)] = state.figures(codes, items)
        for some in slices(members.start, members.stop):
            place[some] = number[rows.items[some]]
        start += len(items)
        if day:
            state = _counted(state, rows, rates, codes, members, until - (day - 1) * DAY_S)
    return ShownBefore(table=table, place=place, last=state)


def _days(at: Array, until: float) -> Iterator[tuple[int, slice]]:
    """Which rows are of which day before `until`, the earliest first; the last, day 0, is of all that came later."""

    def day_of(row: int) -> int:
        return max(0, int(np.ceil((until - at[row]) / DAY_S)))

    start = 0
    for day in range(day_of(0) if len(at) else 0, -1, -1):
        stop = bisect_right(range(len(at)), -day, key=lambda row: -day_of(row))
        yield day, slice(start, stop)
        start = stop


def _rates(rows: ImpressionRows, stop: int) -> Array:
    return place_rates((rows.clicked[some], rows.positions[some]) for some in slices(0, stop))


def _shown(rows: ImpressionRows, members: slice, num_items: int) -> Bools:
    """bool [I], which items were shown."""
    shown = np.zeros(num_items, np.bool_)
    for some in slices(members.start, members.stop):
        shown[rows.items[some]] = True
    return shown


def _counted(
    state: Showings, rows: ImpressionRows, rates: Array, codes: Array, members: slice, until: float
) -> Showings:
    """A day later, with what was shown on that day."""
    halves = np.array(state.half_lives_days)
    sums = [np.zeros((2, len(halves), each.shape[1])) for each in (state.items, *state.codes)]
    for some in slices(members.start, members.stop):
        items, looks = rows.items[some], looks_of(rates, rows.positions[some])
        weights = 0.5 ** ((until - rows.at[some]) / DAY_S / halves[:, None])
        events = np.stack([looks, rows.clicked[some]])[:, None] * weights
        places = (items, *(codes[items, column] for column in state.columns))
        for table, where in zip(sums, places, strict=True):
            _add(table, where, events)
    left = 0.5 ** (1 / halves)
    known = zip((state.items, *state.codes), sums, strict=True)
    counted = [(before * left + np.moveaxis(added, 1, 2)).astype(np.float32) for before, added in known]
    return replace(state, until=until, items=counted[0], codes=tuple(counted[1:]))


def _add(sums: Array, places: Array, events: Array) -> None:
    """Adds events [2, H, n] to sums [2, H, K] at their places, one after the other: pieces change no digit."""
    for which, half in np.ndindex(sums.shape[:2]):
        np.add.at(sums[which, half], places, events[which, half])
