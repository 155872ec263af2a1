"""When the page of each impression was answered."""

import numpy as np

from winnow.features.likeness import VISIT_S
from winnow.schema.column import Array


class Pages:
    """What is known of each visitor's page while impressions are told by time, some at a time.

    A page begins where a visitor's position does not rise. Where positions are not known, only what was shown at one
    instant is one page.

    Args:
        num_visitors: more than the highest of them.
    """

    def __init__(self, num_visitors: int) -> None:
        self._at = np.full(num_visitors, -np.inf)
        self._positions = np.zeros(num_visitors, np.int64)
        self._starts = np.full(num_visitors, -np.inf)

    def starts(self, visitors: Array, at: Array, positions: Array) -> Array:
        """float64 [n], UTC seconds, when the pages of the next impressions were answered.

        Args:
            visitors: int64 [n].
            at: float64 [n], UTC seconds, rising, none before those that were told already.
            positions: int64 [n], 0 where not known.
        """
        order = np.argsort(visitors, kind="stable")
        who, when, place = visitors[order], at[order], positions[order]
        first, last = np.ones(len(order), np.bool_), np.ones(len(order), np.bool_)
        first[1:] = last[:-1] = who[1:] != who[:-1]
        before_at = np.where(first, self._at[who], np.roll(when, 1))
        before = np.where(first, self._positions[who], np.roll(place, 1))
        rises = (place > before) & (before > 0) & (when - before_at <= VISIT_S)
        new = ~(rises | (when == before_at))
        opened = np.where(new, when, self._starts[who])[
            np.maximum.accumulate(np.where(new | first, np.arange(len(order)), 0))
        ]
        whose = who[last]
        self._at[whose], self._positions[whose], self._starts[whose] = when[last], place[last], opened[last]
        starts = np.empty(len(order))
        starts[order] = opened
        return starts


def page_starts(visitors: Array, at: Array, positions: Array) -> Array:
    """float64 [N], the same of all impressions at once."""
    return Pages(int(visitors.max(initial=-1)) + 1).starts(visitors, at, positions)
