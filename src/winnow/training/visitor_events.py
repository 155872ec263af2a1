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


def visitor_events(whose: Array, at: Array, items: Array, who: Array, asked_at: Array) -> VisitorEvents:
    """Arranges events.

    Args:
        whose: int64 [M], visitors of events.
        at: float64 [M], UTC seconds.
        items: int64 [M], item rows.
        who: int64 [N], visitors who are asked for.
        asked_at: float64 [N].
    """
    order = np.lexsort((at, whose))
    whose, at, items = whose[order], at[order], items[order]
    is_event = np.repeat([False, True], [len(who), len(whose)])
    keys = np.concatenate([asked_at, at]), np.concatenate([who, whose])
    merged = np.lexsort((is_event, *keys))  # an instant that is asked for comes before the events at it
    before = np.empty(len(merged), np.int64)
    before[merged] = np.cumsum(is_event[merged])
    return VisitorEvents(items=items, at=at, starts=np.searchsorted(whose, who), ends=before[: len(who)])
