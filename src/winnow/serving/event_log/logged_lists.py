"""What was served, as the event log has it."""

from pathlib import Path

import pyarrow as pa

from winnow.serving.event_log.logged_events import check_log
from winnow.serving.event_log.merged_sessions import as_merged, logged_merges
from winnow.serving.event_log.part_file import read_part
from winnow.serving.event_log.served_part import SERVED, SERVED_SCHEMA


def logged_lists(folder: Path, digest: str | None = None) -> pa.Table:
    """All lists of a log, by the day on which they were answered, each under the name that its visitor has by now.

    Args:
        folder: of the log; a service may be writing more.
        digest: of a bundle, whose lists alone are wanted, with what its ranker read; by default those of all bundles,
            without that.

    Returns:
        the columns of `SERVED_SCHEMA`; with a digest also those that begin with REQUEST and CANDIDATE, if there is any.

    Raises:
        DataError: it is no folder of a log, or a file is damaged.
    """
    check_log(folder)
    parts = [SERVED_SCHEMA.empty_table()]
    for path in sorted(folder.glob(f"{SERVED}/*/part-*.parquet")):
        part = read_part(path, SERVED_SCHEMA.names if digest is None else None)
        if digest is None or (part.num_rows and part["bundle"][0].as_py() == digest):
            parts.append(part)
    # All of one bundle have the same columns, but for the empty table.
    lists = pa.concat_tables(parts[1:] if digest is not None and len(parts) > 1 else parts)
    users = as_merged(lists["user_id"], lists["arrived_at"].to_numpy(), logged_merges(folder))
    return lists.set_column(lists.column_names.index("user_id"), "user_id", users)
