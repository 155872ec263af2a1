"""Users who did more within the hours of a window than the window looks at."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from winnow.data.arrow_compute import pc
from winnow.data.column_findings import kept
from winnow.data.dataset import AT, TYPE, USER
from winnow.data.report import Finding
from winnow.schema.schema import Schema


def window_findings(events: pa.Table, schema: Schema) -> Iterator[Finding]:
    """Of each window that somebody outgrows, how many do, and how many events the busiest of them would need.

    Args:
        events: as a Dataset has them.
        schema: names the windows.
    """
    for name, window in schema.windows.items():
        counted = events.filter(pc.is_in(events[TYPE], pa.array([str(each) for each in window.types], pa.string())))
        users = counted[USER].combine_chunks().dictionary_encode()
        within = _within(users.indices.to_numpy(), counted[AT].to_numpy(), window.over_s)
        more = within > window.last_events
        if more.any():
            who = np.unique(users.indices.to_numpy()[more])
            problem = (
                f"users did more within {window.over_hours:g} hours than the last {window.last_events:,} events, at "
                f"which the window '{name}' looks (last_events); at most it was {within.max():,}"
            )
            busiest = users[int(within.argmax())].as_py()
            yield kept("events", problem, len(who), f"user_id={busiest}")


def _within(users: np.ndarray, at: np.ndarray, over_s: float) -> np.ndarray:
    """int64 [N], events of the same user up to each one that are no more than `over_s` older, itself included."""
    order = np.lexsort((at, users))
    # Users far apart on one axis of time, so that one search finds the beginning of every event's window.
    span = (np.ptp(at) if len(at) else 0.0) + 2 * over_s + 1.0
    axis = users[order] * span + (at[order] - at.min(initial=np.inf))
    within = np.empty(len(at), np.int64)
    within[order] = np.arange(len(at)) + 1 - np.searchsorted(axis, axis - over_s)
    return within
