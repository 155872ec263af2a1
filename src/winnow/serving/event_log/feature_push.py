"""Tells a feature store what users did lately."""

import time
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from winnow.stores.log_entry import MERGE, LogEntry

Columns = Mapping[str, Sequence[str | None]]


class LiveFeatures(Protocol):
    """Takes values of users from an instant on; raises Unavailable when not all of it is kept."""

    def push(self, user_ids: Sequence[str], columns: Columns, at: float) -> None:
        """Of N users, N values by raw column."""
        ...

    def forget(self, names: Mapping[str, float]) -> None:
        """Keeps nothing of them that was written until those UTC seconds; raises Unavailable likewise."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class FeaturePush:
    """Reads each user once for all that they did; asked twice, it says the same of a later instant.

    Attributes:
        read: what users did before an instant, by raw column; raises Unavailable.
        store: is told.
        clock: UTC seconds.
    """

    read: Callable[[Sequence[str], float], Columns]
    store: LiveFeatures
    clock: Callable[[], float] = time.time

    def __call__(self, named: Sequence[str], gone: Container[str]) -> None:
        """Tells of different people, but of nobody who is gone and has done nothing since.

        Raises:
            Unavailable: give the same again.
        """
        if not named:
            return
        at = self.clock()
        columns = self.read(named, at)
        active = [place for place, name in enumerate(named) if name not in gone or _does_anything(columns, place)]
        if active:
            told = {column: [values[place] for place in active] for column, values in columns.items()}
            self.store.push([named[place] for place in active], told, at)


def names_of(entries: Sequence[LogEntry]) -> list[str]:
    """Everybody whom some entries name, once."""
    return list(dict.fromkeys(name for entry in entries for name in _names(entry)))


def _names(entry: LogEntry) -> list[str]:
    fields = ("source", "target") if entry.kind == MERGE else ("user_id",)
    return [entry.told[name] for name in fields if entry.told.get(name)]


def _does_anything(columns: Columns, place: int) -> bool:
    return any(values[place] is not None for values in columns.values())
