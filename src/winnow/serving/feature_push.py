"""Tells a feature store what the users of some log entries did lately."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from winnow.stores.log_entry import MERGE, LogEntry

Columns = Mapping[str, Sequence[str | None]]


class LiveFeatures(Protocol):
    """Takes values of users from an instant on; raises Unavailable when not all of it is kept."""

    def push(self, user_ids: Sequence[str], columns: Columns, at: float) -> None:
        """Of N users, N values by raw column."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class FeaturePush:
    """Reads each user once for all entries of a batch; told twice, it says the same of a later instant.

    Attributes:
        read: what users did before an instant, by raw column; raises Unavailable.
        store: is told.
        clock: UTC seconds.
    """

    read: Callable[[Sequence[str], float], Columns]
    store: LiveFeatures
    clock: Callable[[], float] = time.time

    def __call__(self, entries: Sequence[LogEntry]) -> None:
        """Tells of everybody whom some entries name.

        Raises:
            Unavailable: give the same again.
        """
        users = list(dict.fromkeys(name for entry in entries for name in _names(entry)))
        if users:
            at = self.clock()
            self.store.push(users, self.read(users, at), at)


def _names(entry: LogEntry) -> list[str]:
    fields = ("source", "target") if entry.kind == MERGE else ("user_id",)
    return [entry.told[name] for name in fields if entry.told.get(name)]
