"""Events of several users, as columns."""

import numpy as np

from winnow.schema.column import Array, Ragged, offsets_of, one_row
from winnow.schema.record import record


@record()
class KnownEvents:
    """Events of B users, oldest first; three ragged columns with the same offsets.

    Attributes:
        item_hashes: uint64 stable item hashes.
        types: int8 positions in `tuple(EventType)`.
        at: float64 UTC seconds.
    """

    item_hashes: Ragged
    types: Ragged
    at: Ragged

    def __len__(self) -> int:
        return len(self.at)

    @staticmethod
    def of(item_hashes: Array, types: Array, at: Array, offsets: Array) -> "KnownEvents":
        """From flat columns [M] and their offsets int64 [B + 1]."""
        return KnownEvents(
            item_hashes=Ragged(item_hashes, offsets), types=Ragged(types, offsets), at=Ragged(at, offsets)
        )


def no_events(batch: int) -> KnownEvents:
    """Nobody did anything."""
    nothing = np.empty(0, np.uint64), np.empty(0, np.int8), np.empty(0, np.float64)
    return KnownEvents.of(*nothing, np.zeros(batch + 1, np.int64))


def merged(past: KnownEvents, fresh: KnownEvents) -> KnownEvents:
    """The events of both, by time; at equal times the past comes first, and what both know comes once."""
    if not len(fresh.at.values):
        return past
    if not len(past.at.values):
        return fresh
    if len(past) == 1 and past.at.values[-1] < fresh.at.values[0]:
        return _behind(past, fresh)
    users, hashes, types, at = (
        np.concatenate(both)
        for both in (
            (past.at.row_of_value(), fresh.at.row_of_value()),
            (past.item_hashes.values, fresh.item_hashes.values),
            (past.types.values, fresh.types.values),
            (past.at.values, fresh.at.values),
        )
    )
    order = np.lexsort((at, users))
    if fresh.at.values.min() <= past.at.values.max():
        again = _again(np.rec.fromarrays((users, at, hashes, types)), len(past.at.values))
        order = order[~again[order]]
    lengths = np.bincount(users[order], minlength=len(past))
    return KnownEvents.of(hashes[order], types[order], at[order], offsets_of(lengths))


def _behind(past: KnownEvents, fresh: KnownEvents) -> KnownEvents:
    """Of one user who did all that is fresh after all that is past, which is as most come."""
    hashes, types, at = (
        np.concatenate((each.values, other.values))
        for each, other in ((past.item_hashes, fresh.item_hashes), (past.types, fresh.types), (past.at, fresh.at))
    )
    return KnownEvents.of(hashes, types, at, one_row(len(at)))


def _again(events: Array, num_past: int) -> Array:
    """bool [M], whether an event is of the fresh ones and one of the past is just the same."""
    _, first, same_as = np.unique(events, return_index=True, return_inverse=True)
    # np.unique names the first of equal ones, and the past stands in front.
    return (np.arange(len(events)) >= num_past) & (first[same_as] < num_past)
