"""Writes what visitors did to disk, for training to read."""

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from winnow.schema.errors import Unavailable
from winnow.serving.event_log.event_folder import EventFolder
from winnow.serving.event_log.forget_logged import forget_logged
from winnow.serving.event_log.merged_sessions import logged_merges, merge_of, with_merged
from winnow.stores.event_source import EventSource
from winnow.stores.log_entry import FORGET, LogEntry

logger = logging.getLogger(__name__)

PAUSE_S, RETRY_S = 0.25, 1.0


def _nothing(entries: Sequence[LogEntry]) -> int:
    return len(entries)


def _nobody(_: object) -> None:
    """Is told nothing."""


def _idle() -> None:
    """Owes nothing."""


@dataclass(slots=True, kw_only=True)
class EventWorker:
    """Reads, counts, writes, and only then lets the source forget; it may be killed at any instant.

    Attributes:
        source: gives what came, at least once.
        folder: keeps it, once.
        count: told of entries before they are settled, at least once each and in order; raises Unavailable.
        forget: told of names, with the UTC seconds until when what was written is meant, before they leave the log, at
            least once; raises Unavailable.
        publish: told of entries that are on disk, before they are settled, at least once; raises Unavailable.
        catch_up: called again and again, for what the two before could not do at once; raises Unavailable.
        flush_s: longest time for which something waits to be written.
        most: entries that wait; with that many they are written at once, and until then nothing more is read.
        clock: seconds that only rise.
    """

    source: EventSource
    folder: EventFolder
    count: Callable[[Sequence[LogEntry]], int] = _nothing
    forget: Callable[[Mapping[str, float]], None] = _nobody
    publish: Callable[[Sequence[LogEntry]], None] = _nobody
    catch_up: Callable[[], None] = _idle
    flush_s: float = 60.0
    most: int = 50_000
    clock: Callable[[], float] = time.monotonic
    _batch: dict[tuple[str, str], LogEntry] = field(default_factory=dict[tuple[str, str], LogEntry], init=False)
    _uncounted: list[LogEntry] = field(default_factory=list[LogEntry], init=False)
    _since: float = field(default=0.0, init=False)
    _is_down: bool = field(default=False, init=False)

    def run(self) -> None:
        """Works until the process ends; waits for a server or a disk as long as it takes.

        Raises:
            SettingsError, DataError: as the source and the folder say; that needs somebody.
        """
        while True:
            try:
                came = self.step()
            except Unavailable as error:
                if not self._is_down:
                    logger.warning("%s The worker waits, and goes on by itself.", error)
                self._is_down = True
                time.sleep(RETRY_S)
                continue
            if self._is_down:
                logger.info("The worker goes on.")
                self._is_down = False
            if not came:
                time.sleep(PAUSE_S)

    def run_once(self) -> int:
        """Writes what there is now; returns how many entries were written.

        Raises:
            Unavailable: that does not work now; nothing is lost.
            SettingsError, DataError: as above.
        """
        written, until = 0, time.time()
        while (came := self._read()) and min(each.arrived_at for each in came) < until:
            if len(self._batch) >= self.most:
                written += self.flush()
        written += self.flush()
        self.catch_up()
        return written

    def step(self) -> bool:
        """Reads once, and writes if it is time; whether anything came.

        Raises:
            Unavailable: something does not work now; nothing is lost, call it again.
            SettingsError, DataError: as above.
        """
        came = self._read() if len(self._batch) < self.most else ()
        if self._batch and (len(self._batch) >= self.most or self.clock() - self._since >= self.flush_s):
            self.flush()
        self.catch_up()
        return bool(came)

    def flush(self) -> int:
        """Writes what waits and settles it; returns how many entries were written. Raises as `step` does."""
        self._count()
        waiting = list(self._batch.values())
        if not waiting:
            return 0
        started = time.perf_counter()
        written = self._written(waiting)
        self.publish(waiting)
        # What is written may come again should the next line fail; it is found in its file then.
        self._batch.clear()
        self.source.settle(waiting)
        taken = time.perf_counter() - started
        logger.info("Wrote %d of %d entries in %.2f s to %s.", written, len(waiting), taken, self.folder.path)
        return written

    def _written(self, waiting: Sequence[LogEntry]) -> int:
        forgotten: dict[str, float] = {}
        for each in waiting:
            if each.kind == FORGET and "user_id" in each.told:
                forgotten[each.told["user_id"]] = each.arrived_at
        if forgotten:
            # A session may have become theirs among what is not in the folder yet.
            merges = [each for entry in waiting if (each := merge_of(entry))]
            names = with_merged(forgotten, [*logged_merges(self.folder.path), *merges])
            self.forget(names)
            rows, files = forget_logged(self.folder.path, names)
            logger.info("Removed %d rows of %d forgotten names from %d files.", rows, len(forgotten), files)
        return self.folder.write([each for each in waiting if each.kind != FORGET])

    def _read(self) -> Sequence[LogEntry]:
        came = self.source.read()
        if came and not self._batch:
            self._since = self.clock()
        self._batch.update((each.key, each) for each in came)
        self._uncounted += came
        self._count()
        return came

    def _count(self) -> None:
        if self._uncounted:
            self.count(self._uncounted)
            self._uncounted.clear()
