"""The files of the event log: where an entry goes, how a file is named, and which columns it has."""

import math
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from uuid import uuid4

import orjson
import pyarrow as pa

from winnow.stores.log_entry import MERGE, LogEntry

MERGES, OTHERS = "_merges", "_others"
"""Folders that readers of the events pass over, as they do all names with an underscore."""
DAYS = "day=*"
DAY_S, LAST_DAY = 86_400, 2_932_896
PART = re.compile(r"part-([a-z])(\d+)-[0-9a-f]+\.parquet")

KEY = [("entry", pa.string()), ("event_id", pa.string())]
ARRIVED = ("arrived_at", pa.float64())
EVENTS_SCHEMA = pa.schema(
    [
        *KEY,
        ("user_id", pa.string()),
        ("item_id", pa.string()),
        ("type", pa.string()),
        ("at", pa.float64()),
        ("request_id", pa.string()),
        ARRIVED,
    ]
)
MERGES_SCHEMA = pa.schema([*KEY, ("source", pa.string()), ("target", pa.string()), ("at", pa.string()), ARRIVED])
OTHERS_SCHEMA = pa.schema([*KEY, ("told", pa.string()), ARRIVED])
"""`told`: all fields of the entry, as JSON."""


def partition_of(entry: LogEntry) -> str:
    """The folder of an entry: the UTC day on which the event happened, MERGES, or OTHERS for what is none of it."""
    told = entry.told
    if entry.kind == MERGE and {"source", "target"} <= told.keys():
        return MERGES
    day = math.floor(float(told["at"]) / DAY_S) if entry.is_event else -1
    return f"day={_date(day)}" if 0 <= day <= LAST_DAY else OTHERS


@lru_cache(maxsize=1_000)
def _date(day: int) -> str:
    return datetime.fromtimestamp(day * DAY_S, UTC).date().isoformat()


def table_of(partition: str, entries: Sequence[LogEntry]) -> pa.Table:
    """Rows for a file of a partition: events by the time at which they happened, the rest in order of arrival."""
    if partition == OTHERS:
        told = [{"event_id": each.key[1], "told": orjson.dumps(dict(each.told)).decode()} for each in entries]
        return _table(OTHERS_SCHEMA, entries, told)
    if partition == MERGES:
        return _table(MERGES_SCHEMA, entries, [dict(each.told) for each in entries])
    by_time = sorted(((float(each.told["at"]), each) for each in entries), key=lambda pair: pair[0])
    rows = [{**each.told, "at": at} for at, each in by_time]
    return _table(EVENTS_SCHEMA, [each for _, each in by_time], rows)


def _table(schema: pa.Schema, entries: Sequence[LogEntry], rows: Sequence[Mapping[str, object]]) -> pa.Table:
    own = {"entry": [each.name for each in entries], ARRIVED[0]: [each.arrived_at for each in entries]}
    columns = [own.get(name) or [row.get(name, "") for row in rows] for name in schema.names]
    return pa.table([pa.array(each, kind) for each, kind in zip(columns, schema.types, strict=True)], schema=schema)


def part_name(entries: Sequence[LogEntry]) -> str:
    """A new name for a file of entries of one source, which says how far they reach."""
    source, newest = source_of(entries[0]), max(each.place[0] for each in entries)
    return f"part-{source}{newest:015d}-{uuid4().hex[:12]}.parquet"


def source_of(entry: LogEntry) -> str:
    """A letter: `s` for shards of a server, `j` for a journal; places are compared within one."""
    return entry.stream[0]


def reach_of(path: Path) -> tuple[str, int] | None:
    """The source of a file and the first number of the latest place in it; None if it is no file of the log."""
    match = PART.fullmatch(path.name)
    return (match[1], int(match[2])) if match else None
