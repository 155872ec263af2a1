"""What visitors did, as the event log has it."""

from pathlib import Path

import pyarrow as pa

from winnow.schema.errors import DataError
from winnow.serving.event_folder import MARK
from winnow.serving.logged_part import DAYS, EVENTS_SCHEMA
from winnow.serving.part_file import read_part

COLUMNS = ("user_id", "item_id", "type", "at")


def logged_events(folder: Path) -> pa.Table:
    """All events of a log, by day, of which a worker may be writing more: columns `COLUMNS`.

    Raises:
        DataError: it is no folder of a log, or a file is damaged.
    """
    if not (folder / MARK).is_file():
        raise DataError(f"{folder} is no folder of an event log; give the one that `winnow worker` writes.")
    parts = [read_part(each, COLUMNS) for each in sorted(folder.glob(f"{DAYS}/part-*.parquet"))]
    empty = pa.schema([EVENTS_SCHEMA.field(name) for name in COLUMNS]).empty_table()
    return pa.concat_tables([empty, *(each.select(COLUMNS) for each in parts)])
