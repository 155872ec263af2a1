"""The log of what was served, written beside the requests and never in their way."""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from threading import Condition, Thread
from uuid import uuid4

from winnow.schema.errors import SettingsError, WinnowError
from winnow.serving.event_log.event_folder import WRITE_LOCK, prepare_folder
from winnow.serving.event_log.forgotten_names import ForgottenNames
from winnow.serving.event_log.part_file import UNFINISHED, content_of, publish, staged
from winnow.serving.event_log.served_list import ServedList
from winnow.serving.event_log.served_part import SERVED, served_partition, served_table
from winnow.stores.folder_lock import folder_lock
from winnow.stores.synced_folder import sync_folder

logger = logging.getLogger(__name__)

FLUSH_S, FLUSH_ITEMS = 30.0, 20_000
"""Lists wait so long, or until they have so many items."""
MOST_ITEMS = 100_000
"""Of all lists that wait: about 100 MB where the ranker reads a hundred floats and a tower vector of each item."""
LEFT_S = 3600.0
"""Age at which what was never finished was left by a process that has ended."""


@dataclass(slots=True, kw_only=True)
class ServedLog:
    """Takes lists at once and writes them later, in a thread of its own; what there is no room for is dropped.

    Nothing here was acknowledged to anybody, so a process that is killed may take the lists of FLUSH_S seconds along.

    Attributes:
        path: of the event log, which may be written to by a worker and by other services meanwhile.
        dropped: told how many lists were dropped.
        written: told how many were written.
        most_items: of all lists that wait.
    """

    path: Path
    dropped: Callable[[int], None]
    written: Callable[[int], None]
    most_items: int = MOST_ITEMS
    _waiting: list[ServedList] = field(default_factory=list[ServedList], init=False)
    _items: int = field(default=0, init=False)
    _changed: Condition = field(default_factory=Condition, init=False)
    _is_closed: bool = field(default=False, init=False)
    _failed: bool = field(default=False, init=False)
    _thread: Thread | None = field(default=None, init=False)

    @staticmethod
    def open(path: Path, dropped: Callable[[int], None], written: Callable[[int], None]) -> "ServedLog":
        """Makes the folder if need be, and begins to write.

        Raises:
            SettingsError: it cannot be used.
        """
        try:
            prepare_folder(path)
            for left in path.glob(f"{SERVED}/*/{UNFINISHED}"):
                if left.stat().st_mtime < time.time() - LEFT_S:
                    left.unlink(missing_ok=True)
        except OSError as error:
            raise SettingsError(
                f"The folder of the event log (WINNOW_EVENTS) {path} cannot be used: {error.strerror}. Choose one that "
                "this user may write to."
            ) from error
        log = ServedLog(path=path, dropped=dropped, written=written)
        log._thread = Thread(target=log._run, name="served log", daemon=True)
        log._thread.start()
        return log

    def tell(self, served: ServedList) -> None:
        """Takes a list, or drops it where too many wait; waits for no disk."""
        with self._changed:
            if self._items + len(served) > self.most_items:
                self.dropped(1)
                return
            self._waiting.append(served)
            self._items += len(served)
            self._changed.notify()

    def flush(self) -> None:
        """Writes what waits. What cannot be written goes on waiting, and is tried again."""
        with self._changed:
            lists = tuple(self._waiting)
        try:
            _write(self.path, lists)
        except (OSError, WinnowError) as error:
            if not self._failed:
                logger.warning("Served lists cannot be logged in %s (%s). They wait, as many as fit.", self.path, error)
            self._failed = True
            return
        self._failed = False
        with self._changed:
            del self._waiting[: len(lists)]
            self._items -= sum(map(len, lists))
        self.written(len(lists))

    def close(self) -> None:
        """Writes what waits, and ends. What cannot be written now is lost, and counted."""
        with self._changed:
            self._is_closed = True
            self._changed.notify()
        if self._thread is not None:
            self._thread.join()
        self.flush()
        if self._waiting:
            self.dropped(len(self._waiting))

    def _run(self) -> None:
        while not self._is_closed:
            with self._changed:
                self._changed.wait_for(self._is_due, FLUSH_S)
            if self._waiting:
                self.flush()

    def _is_due(self) -> bool:
        return self._is_closed or (self._items >= FLUSH_ITEMS and not self._failed)


def _write(path: Path, lists: Sequence[ServedList]) -> None:
    """Writes all or nothing, without what names somebody who was forgotten meanwhile."""
    with folder_lock(path / WRITE_LOCK):
        forgotten = ForgottenNames.read(path)
        kept = [each for each in lists if not forgotten.covers([each.user_id], each.answered_at)]
        files: list[tuple[Path, Path]] = []
        try:
            for (partition, _), some in groupby(sorted(kept, key=_file_of), key=_file_of):
                folder = path / partition
                folder.mkdir(parents=True, exist_ok=True)
                sync_folder(folder.parent)
                files.append(staged(folder / f"part-{uuid4().hex}.parquet", content_of(served_table([*some]))))
            publish(files)
        finally:
            for temporary, _ in files:
                temporary.unlink(missing_ok=True)


def _file_of(served: ServedList) -> tuple[str, str]:
    """What all lists of a file share: the partition, and the bundle, for each has its own features."""
    return served_partition(served), served.digest
