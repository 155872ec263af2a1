"""What visitors did, as the event log has it."""

from pathlib import Path

import pyarrow as pa

from winnow.schema.errors import DataError
from winnow.serving.event_log.event_folder import MARK
from winnow.serving.event_log.logged_part import DAYS, EVENTS_SCHEMA
from winnow.serving.event_log.merged_sessions import as_merged, logged_merges
from winnow.serving.event_log.part_file import read_part

COLUMNS = ("user_id", "item_id", "type", "at", "request_id")


def logged_events(folder: Path) -> pa.Table:
    """All events of a log, by day, of which a worker may be writing more: columns `COLUMNS`.

    What a session did before its visitor logged in is the user's.

    Raises:
        DataError: it is no folder of a log, or a file is damaged.
    """
    check_log(folder)
    read = (*COLUMNS, "arrived_at")
    parts = [read_part(each, read) for each in sorted(folder.glob(f"{DAYS}/part-*.parquet"))]
    empty = pa.schema([EVENTS_SCHEMA.field(name) for name in read]).empty_table()
    events = pa.concat_tables([empty, *(each.select(read) for each in parts)])
    users = as_merged(events["user_id"], events["arrived_at"].to_numpy(), logged_merges(folder))
    return events.set_column(0, "user_id", users).select(COLUMNS)


def check_log(folder: Path) -> None:
    """Raises DataError where a folder is none of an event log."""
    if not (folder / MARK).is_file():
        raise DataError(f"{folder} is no folder of an event log; give the one that `winnow worker` writes.")
