"""Which sessions became whose, when visitors logged in."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from winnow.schema.column import Array
from winnow.serving.event_log.logged_part import MERGES, partition_of
from winnow.serving.event_log.part_file import read_part
from winnow.stores.log_entry import LogEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """What `source` had done became that of `target`, at UTC seconds."""

    source: str
    target: str
    arrived_at: float


def merge_of(entry: LogEntry) -> Merge | None:
    """What an entry of the log says of a merge, if it is one."""
    if partition_of(entry) != MERGES:
        return None
    return Merge(source=entry.told["source"], target=entry.told["target"], arrived_at=entry.arrived_at)


def logged_merges(folder: Path) -> list[Merge]:
    """All merges of an event log, in no order. Raises DataError where a file is damaged."""
    columns = ("source", "target", "arrived_at")
    parts = (read_part(each, columns) for each in sorted(folder.glob(f"{MERGES}/part-*.parquet")))
    return [Merge(**row) for part in parts for row in part.to_pylist()]


def with_merged(names: Mapping[str, float], merges: Iterable[Merge]) -> dict[str, float]:
    """The names, and the sessions that had become theirs.

    Args:
        names: outside names, with the UTC seconds until when what arrived is meant.
        merges: in any order; a session is meant until it was merged, for later it may be another visitor's.
    """
    found = dict(names)
    for merge in merges:
        if merge.arrived_at <= names.get(merge.target, -np.inf):
            found[merge.source] = max(merge.arrived_at, found.get(merge.source, merge.arrived_at))
    return found


def as_merged(user_ids: pa.ChunkedArray, arrived_at: Array, merges: Iterable[Merge]) -> pa.Array:
    """Whose rows they are now: a row of a session belongs to whom the session was merged into next.

    Args:
        user_ids: N strings.
        arrived_at: float64 [N], UTC seconds.
        merges: in any order.
    """
    of_source: dict[str, list[Merge]] = {}
    for merge in sorted(merges, key=lambda each: each.arrived_at):
        of_source.setdefault(merge.source, []).append(merge)
    names: list[str] = user_ids.to_pylist()
    for row, name in enumerate(names):
        if own := of_source.get(name):
            later = (each.target for each in own if each.arrived_at >= arrived_at[row])
            names[row] = next(later, name)
    return pa.array(names, pa.string())
