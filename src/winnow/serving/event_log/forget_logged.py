"""Removes from the event log what names somebody."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import orjson
import pyarrow as pa

from winnow.schema.column import Bools
from winnow.schema.errors import SettingsError, Unavailable
from winnow.serving.event_log.event_folder import MARK, WRITE_LOCK
from winnow.serving.event_log.forgotten_names import FILE_NAME, ForgottenNames
from winnow.serving.event_log.merged_sessions import logged_merges, with_merged
from winnow.serving.event_log.owed_features import OwedFeatures
from winnow.serving.event_log.part_file import content_of, publish, read_part, staged
from winnow.stores.folder_lock import folder_lock

NAMING = {"user_id", "source", "target", "told"}
"""Columns that may name somebody."""


def forget_logged(path: Path, names: Mapping[str, float]) -> tuple[int, int]:
    """Removes rows, rewriting only files that hold some; nothing brings them back. A worker may be writing meanwhile.

    Rows of sessions that had become theirs go too, and so do notes that a feature store is to be told what they did. A
    file that has no row left stays, empty.

    Args:
        path: folder of the log.
        names: outside names, with the UTC seconds until when what arrived goes.

    Returns:
        how many rows went, and from how many files.

    Raises:
        SettingsError: it is no folder of a log.
        Unavailable: a file cannot be written, and some rows may be gone; give the same again.
        DataError: a file is damaged.
    """
    if not (path / MARK).is_file():
        raise SettingsError(
            f"{path} is no folder of an event log; give the one that the worker writes (WINNOW_EVENTS)."
        )
    try:
        with folder_lock(path / WRITE_LOCK):
            names = with_merged(names, logged_merges(path))
            content = ForgottenNames.read(path).with_names(names).content()
            publish([staged(path / FILE_NAME, content)])
            OwedFeatures.read(path).without(OwedFeatures(changed=frozenset(names))).save(path)
            gone = [_without(each, names) for each in sorted(path.rglob("part-*.parquet"))]
    except OSError as error:
        raise Unavailable(
            f"The event log {path} cannot be written: {error.strerror or error}. See to the disk and give the command "
            "again."
        ) from error
    return sum(gone), sum(map(bool, gone))


def _without(path: Path, names: Mapping[str, float]) -> int:
    """Rewrites a file that holds a name; returns how many rows went."""
    rows = _named(read_part(path, [*NAMING, "arrived_at"]), names)
    gone = int(rows.sum())
    if gone:
        table = read_part(path).filter(pa.array(~rows))
        publish([staged(path, content_of(table))])
    return gone


def _named(table: pa.Table, names: Mapping[str, float]) -> Bools:
    """bool [N], which rows name one of them and arrived in time."""
    arrived, found = table["arrived_at"].to_numpy(), np.zeros(table.num_rows, bool)
    for column in NAMING & set(table.column_names):
        values = [values_told(each) if column == "told" else (each,) for each in table[column].to_pylist()]
        until = np.array([max((names.get(each, -1.0) for each in own), default=-1.0) for own in values], np.float64)
        found |= arrived <= until
    return found


def values_told(told: str) -> list[str]:
    """All texts of an entry that is kept as JSON; any of them may be a name."""
    return [each for each in orjson.loads(told).values() if isinstance(each, str)]
