"""What each visitor had done before an instant that is asked for."""

from dataclasses import dataclass

import numpy as np

from winnow.schema.column import Array


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitorEvents:
    """M events of all visitors, each visitor's together by time, and for each of N instants which came before it.

    Two numbers an instant, however long the histories are.

    Attributes:
        items: int64 [M], item rows.
        at: float64 [M], UTC seconds.
        starts: int64 [N], place of the visitor's first event.
        ends: int64 [N], the place behind the last event strictly before the instant.
    """

    items: Array
    at: Array
    starts: Array
    ends: Array

    def places(self, chosen: Array, length: int) -> Array:
        """int64 [n, length], places of the last events before the chosen of the N, latest first, -1 for none."""
        places = self.ends[chosen, None] - 1 - np.arange(length)
        return np.where(places >= self.starts[chosen, None], places, -1)

    def last(self, chosen: Array, length: int) -> Array:
        """int64 [n, length], item rows of these events, -1 for none."""
        places = self.places(chosen, length)
        return np.where(places >= 0, self.items[places], -1) if len(self.items) else places


@dataclass(frozen=True, slots=True, kw_only=True)
class EventOrder:
    """The same M events, of which may be asked what came before any instants.

    Attributes:
        items: int64 [M], item rows.
        at: float64 [M], UTC seconds.
        instants: float64 [T], rising, at which there are events.
        keys: int64 [M], rising: (T + 1) times the visitor, and the place of the event's instant.
    """

    items: Array
    at: Array
    instants: Array
    keys: Array

    @staticmethod
    def of(whose: Array, at: Array, items: Array) -> "EventOrder":
        """Arranges events: visitors int64 [M], UTC seconds float64 [M], item rows int64 [M]."""
        order = np.lexsort((at, whose))
        instants, places = np.unique(at[order], return_inverse=True)
        keys = whose[order] * (len(instants) + 1) + places
        return EventOrder(items=items[order], at=at[order], instants=instants, keys=keys)

    def before(self, who: Array, asked_at: Array) -> VisitorEvents:
        """What visitors, int64 [N], had done before instants, float64 [N]."""
        first = who * (len(self.instants) + 1)
        earlier = np.searchsorted(self.instants, asked_at)
        starts, ends = np.searchsorted(self.keys, first), np.searchsorted(self.keys, first + earlier)
        return VisitorEvents(items=self.items, at=self.at, starts=starts, ends=ends)


def visitor_events(whose: Array, at: Array, items: Array, who: Array, asked_at: Array) -> VisitorEvents:
    """Arranges events.

    Args:
        whose: int64 [M], visitors of events.
        at: float64 [M], UTC seconds.
        items: int64 [M], item rows.
        who: int64 [N], visitors who are asked for.
        asked_at: float64 [N].
    """
    return EventOrder.of(whose, at, items).before(who, asked_at)
