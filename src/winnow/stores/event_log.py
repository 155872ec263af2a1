"""All events of the past, frozen."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from winnow.schema.column import Array, offsets_of, offsets_of_each
from winnow.schema.errors import DataError
from winnow.stores.known_events import KnownEvents
from winnow.stores.named_arrays import load_named_arrays, save_named_arrays
from winnow.stores.seen_days import no_days
from winnow.stores.state_store import UserStates

FILE_NAME = "events.npz"
NO_ROWS = np.empty(0, np.int64)


@dataclass(frozen=True, slots=True, kw_only=True)
class EventLog:
    """Events by user and time, in columns. What training replays, evaluation reads and a bundle carries.

    Attributes:
        user_ids: U unique outside names.
        offsets: int64 [U + 1]; events of user `u` are `offsets[u]:offsets[u + 1]`, oldest first.
        item_hashes: uint64 [M] stable hashes.
        types: int8 [M] positions in `tuple(EventType)`.
        at: float64 [M] UTC seconds.
    """

    user_ids: Sequence[str]
    offsets: Array
    item_hashes: Array
    types: Array
    at: Array
    rows: Mapping[str, int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "rows", {user_id: row for row, user_id in enumerate(self.user_ids)})

    @staticmethod
    def of(user_ids: Sequence[str], item_hashes: Array, types: Array, at: Array) -> "EventLog":
        """From M events in any order; events of one user at one time stay in the given order.

        Args:
            user_ids: M outside names.
            item_hashes: uint64 [M].
            types: int8 [M], see `CODE_OF_TYPE`.
            at: float64 [M], UTC seconds, finite.

        Raises:
            DataError: an event has no user, or its time is not finite.
        """
        rows: dict[str, int] = {}
        row_of_event = np.fromiter((rows.setdefault(each, len(rows)) for each in user_ids), np.int64, len(at))
        _check(rows, row_of_event, at)
        order = np.lexsort((at, row_of_event))
        return EventLog(
            user_ids=tuple(rows),
            offsets=offsets_of(np.bincount(row_of_event, minlength=len(rows))),
            item_hashes=item_hashes[order],
            types=types[order],
            at=at[order],
        )

    def count(self, user_id: str) -> int:
        """How many events the user has."""
        start, end = self._bounds(user_id, np.inf)
        return end - start

    def read(self, user_ids: Sequence[str], before: Array, within_s: float = math.inf) -> UserStates:
        """As in StateStore; all is known one by one, however long ago it was."""
        batch = len(user_ids)
        return UserStates(events=self.events(user_ids, before), seen=no_days(batch), forgotten=np.zeros(batch, bool))

    def events(self, user_ids: Sequence[str], before: Array) -> KnownEvents:
        """Those of B users strictly before an instant of each; float64 [B] UTC seconds."""
        bounds = [self._bounds(user_id, at) for user_id, at in zip(user_ids, before.tolist(), strict=True)]
        offsets = offsets_of_each([end - start for start, end in bounds])
        # One user, as most come, is a part of the columns.
        alone = len(bounds) == 1
        rows = slice(*bounds[0]) if alone else np.concatenate([NO_ROWS, *(np.arange(*each) for each in bounds)])
        return KnownEvents.of(self.item_hashes[rows], self.types[rows], self.at[rows], offsets)

    def save(self, folder: Path) -> None:
        """Write `events.npz` into an existing folder."""
        columns = {"offsets": self.offsets, "item_hashes": self.item_hashes, "types": self.types, "at": self.at}
        save_named_arrays(folder / FILE_NAME, self.user_ids, columns)

    @staticmethod
    def load(folder: Path) -> "EventLog":
        """Read what `save` wrote."""
        user_ids, columns = load_named_arrays(folder / FILE_NAME)
        return EventLog(user_ids=user_ids, **columns)

    def _bounds(self, user_id: str, before: float) -> tuple[int, int]:
        """Where the user's events before an instant begin and end; an empty range for an unknown user."""
        row = self.rows.get(user_id)
        if row is None:
            return 0, 0
        start, end = int(self.offsets[row]), int(self.offsets[row + 1])
        return start, start + int(self.at[start:end].searchsorted(before))


def _check(rows: Mapping[str, int], row_of_event: Array, at: Array) -> None:
    nobody = np.flatnonzero(row_of_event == rows.get("", -1))
    if len(nobody):
        raise DataError(
            f"{len(nobody)} of {len(at)} events have an empty user id, the first at {at[nobody[0]]}; a log holds "
            "events of known users. Drop the others first."
        )
    timeless = np.flatnonzero(~np.isfinite(at))
    if len(timeless):
        raise DataError(
            f"{len(timeless)} of {len(at)} events have no finite time, the first is event {timeless[0]}; times are "
            "UTC seconds. Drop these events first."
        )
