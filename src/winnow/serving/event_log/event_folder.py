"""The event log on disk: Parquet by day, each entry once."""

from collections.abc import Callable, Generator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

from winnow.schema.errors import SettingsError, Unavailable
from winnow.serving.event_log.forgotten_names import ForgottenNames
from winnow.serving.event_log.logged_part import part_name, partition_of, reach_of, source_of, table_of
from winnow.serving.event_log.part_file import UNFINISHED, content_of, publish, read_part, staged
from winnow.stores.folder_lock import folder_lock
from winnow.stores.log_entry import LogEntry
from winnow.stores.synced_folder import sync_folder

MARK, WORKER_LOCK, WRITE_LOCK = "_log_id", "_worker.lock", "_write.lock"


@dataclass(slots=True, kw_only=True)
class EventFolder:
    """Writes entries into files that appear whole; one that stands in a file already is passed over.

    Which are there is not remembered but looked up: an entry that is not behind all that was written is looked for in
    the files that may hold it, as their names say. So nothing is doubled, whenever a process ended, and however far a
    server fell back.

    Attributes:
        path: of the folder.
        name: unique to the folder, and goes along when it is moved.
    """

    path: Path
    name: str
    _reach: dict[str, int] = field(default_factory=dict[str, int], init=False)
    _bounds: dict[str, tuple[int, int]] = field(default_factory=dict[str, tuple[int, int]], init=False)

    @staticmethod
    @contextmanager
    def opened(path: Path, wait: Callable[[], None]) -> Generator["EventFolder"]:
        """The folder, for one worker at a time; made if need be. What a crash left unfinished goes.

        Args:
            path: of the folder.
            wait: told once if another worker has it; then this one stands by until that one ends.

        Raises:
            SettingsError: it cannot be used.
        """
        with ExitStack() as held:
            try:
                name = prepare_folder(path)
                held.enter_context(folder_lock(path / WORKER_LOCK, wait))
                folder = EventFolder(path=path, name=name)
                folder.recover()
            except OSError as error:
                raise SettingsError(
                    f"The folder of the event log (WINNOW_EVENTS) {path} cannot be used: {error.strerror}. Choose one "
                    "that this user may write to."
                ) from error
            yield folder

    def recover(self) -> None:
        """Removes what was never finished, and learns from the names of files how far the log reaches."""
        for left in self.path.glob(f"*/{UNFINISHED}"):
            left.unlink()
        for source, reach in filter(None, map(reach_of, self.path.glob("*/part-*.parquet"))):
            self._reach[source] = max(reach, self._reach.get(source, 0))

    def write(self, entries: Sequence[LogEntry]) -> int:
        """Writes those that are not there yet; when it returns all are on disk. Returns how many were written.

        Args:
            entries: no two of them the same.

        Raises:
            Unavailable: not all could be written; give the same again.
            DataError: a file of the log is damaged.
        """
        try:
            with folder_lock(self.path / WRITE_LOCK):
                return self._written(entries)
        except OSError as error:
            raise Unavailable(
                f"The event log {self.path} cannot be written: {error.strerror or error}. Nothing is lost, what came "
                "waits where it was; see to the disk."
            ) from error

    def _written(self, entries: Sequence[LogEntry]) -> int:
        new = {name: self._new_among(name, own) for name, own in self._by_partition(entries).items()}
        files: list[tuple[Path, Path]] = []
        try:
            for name, own in new.items():
                if own:
                    files.append(staged(self._target(name, own), content_of(table_of(name, own))))
            # Before the first file counts: should a later one fail, all are looked for when they come again.
            for own in new.values():
                self._raise_bounds(own)
            publish(files)
        finally:
            for temporary, _ in files:
                temporary.unlink(missing_ok=True)
        return sum(map(len, new.values()))

    def _by_partition(self, entries: Sequence[LogEntry]) -> dict[str, list[LogEntry]]:
        """Without what names somebody who was forgotten."""
        forgotten, found = ForgottenNames.read(self.path), dict[str, list[LogEntry]]()
        for entry in entries:
            if not forgotten.covers(entry.names, entry.arrived_at):
                found.setdefault(partition_of(entry), []).append(entry)
        return found

    def _new_among(self, partition: str, entries: Sequence[LogEntry]) -> Sequence[LogEntry]:
        doubtful = [each for each in entries if each.place <= self._bound(each)]
        if not doubtful:
            return entries
        there = self._there(partition, doubtful)
        return [each for each in entries if each.key not in there]

    def _bound(self, entry: LogEntry) -> tuple[int, int]:
        """No entry of its stream behind this place was written."""
        return self._bounds.get(entry.stream) or (self._reach.get(source_of(entry), -1) + 1, -1)

    def _raise_bounds(self, entries: Sequence[LogEntry]) -> None:
        for entry in entries:
            self._bounds[entry.stream] = max(entry.place, self._bound(entry))

    def _there(self, partition: str, entries: Sequence[LogEntry]) -> set[tuple[str, str]]:
        """The keys of all entries in files that may hold one of these."""
        source, first = source_of(entries[0]), min(each.place[0] for each in entries)
        found = set[tuple[str, str]]()
        for path in (self.path / partition).glob("part-*.parquet"):
            reach = reach_of(path)
            if reach is not None and reach[0] == source and reach[1] >= first:
                table = read_part(path, ["entry", "event_id"])
                found.update(zip(table["entry"].to_pylist(), table["event_id"].to_pylist(), strict=True))
        return found

    def _target(self, partition: str, entries: Sequence[LogEntry]) -> Path:
        """The name of a new file; its folder is there, and on disk."""
        folder = self.path / partition
        if not folder.is_dir():
            folder.mkdir()
            sync_folder(self.path)
        return folder / part_name(entries)


def prepare_folder(path: Path) -> str:
    """Makes the folder of a log if need be; returns its name, which is unique and goes along when it is moved.

    Raises:
        OSError: it cannot be used.
    """
    path.mkdir(parents=True, exist_ok=True)
    sync_folder(path.parent)
    with folder_lock(path / WRITE_LOCK):
        mark = path / MARK
        if not mark.exists():
            publish([staged(mark, uuid4().hex.encode())])
        return mark.read_text()
