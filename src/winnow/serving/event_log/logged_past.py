"""What an event log says of some visitors."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa

from winnow.data.arrow_compute import pc
from winnow.serving.event_log.forget_logged import NAMING, values_told
from winnow.serving.event_log.logged_events import check_log
from winnow.serving.event_log.logged_part import DAY_S, DAYS, EVENTS_SCHEMA, MERGES, OTHERS
from winnow.serving.event_log.part_file import read_part
from winnow.stores.log_entry import RESET

COLUMNS = ("user_id", "item_id", "type", "at", "arrived_at")
PARTS = "*/part-*.parquet"


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedPast:
    """The files of a log that were there at one instant; a worker may be adding more.

    Attributes:
        folder: of the log.
        files: rising.
    """

    folder: Path
    files: tuple[Path, ...]

    @staticmethod
    def of(folder: Path) -> "LoggedPast":
        """As it stands.

        Raises:
            DataError: it is no folder of a log.
        """
        check_log(folder)
        return LoggedPast(folder=folder, files=tuple(sorted(folder.glob(PARTS))))

    def newer(self) -> "LoggedPast":
        """The files that came since."""
        return LoggedPast(folder=self.folder, files=tuple(sorted({*self.folder.glob(PARTS)} - {*self.files})))

    def users_since(self, day: int, types: Collection[str]) -> list[str]:
        """Those who have events of some types on or after a UTC day since 1970, in alphabetical order."""
        first = f"day={datetime.fromtimestamp(day * DAY_S, UTC).date().isoformat()}"
        wanted = pa.array(sorted(types), pa.string())
        found = set[str]()
        for path in self._of_days():
            if path.parent.name >= first:
                part = read_part(path, ["user_id", "type"])
                found.update(part["user_id"].filter(pc.is_in(part["type"], wanted)).unique().to_pylist())
        return sorted(found)

    def events_of(self, names: Collection[str]) -> pa.Table:
        """All events of some visitors: columns `COLUMNS`."""
        wanted = pa.array(sorted(names), pa.string())
        parts = (read_part(path, COLUMNS) for path in self._of_days())
        empty = pa.schema([EVENTS_SCHEMA.field(name) for name in COLUMNS]).empty_table()
        own = (part.filter(pc.is_in(part["user_id"], wanted)) for part in parts)
        return pa.concat_tables([empty, *(part.select(COLUMNS) for part in own)])

    def merges(self) -> list[tuple[str, str, float, float]]:
        """Logins: source, target, when each began, and when it came to the log, UTC seconds."""
        rows = self._rows(MERGES, ["source", "target", "at", "arrived_at"])
        return [(row["source"], row["target"], float(row["at"] or 0), row["arrived_at"]) for row in rows]

    def resets(self) -> list[tuple[str, float]]:
        """Whose state was deleted, and when, UTC seconds."""
        rows = ((orjson.loads(row["told"]), row["arrived_at"]) for row in self._rows(OTHERS, ["told", "arrived_at"]))
        return [(told["user_id"], at) for told, at in rows if told.get("kind") == RESET and "user_id" in told]

    def names(self) -> set[str]:
        """Everybody who is named in any way; of what has no form, every word."""
        found = set[str]()
        for path in self.files:
            part = read_part(path)
            for column in NAMING & set(part.column_names):
                values = part[column].unique().to_pylist()
                found.update(
                    each for value in values for each in (values_told(value) if column == "told" else (value,))
                )
        return found

    def _of_days(self) -> Iterable[Path]:
        return (path for path in self.files if path.parent.match(DAYS))

    def _rows(self, partition: str, columns: list[str]) -> Iterable[dict[str, Any]]:
        return (
            row for path in self.files if path.parent.name == partition for row in read_part(path, columns).to_pylist()
        )
