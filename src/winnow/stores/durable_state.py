"""What users did, in one process and on its disk."""

import math
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Lock

from winnow.schema.column import Array, Bools
from winnow.schema.errors import Unavailable, WinnowError
from winnow.stores.event import Event
from winnow.stores.event_journal import EventJournal
from winnow.stores.memory_state import MemoryState
from winnow.stores.snapshot_due import SnapshotDue
from winnow.stores.state_config import StateConfig
from winnow.stores.state_operation import (
    EventsAppended,
    NamesMerged,
    PastClosed,
    StateOperation,
    UserForgotten,
    UserReset,
)
from winnow.stores.state_store import UserStates

KEEP_S = 30 * 86_400.0
"""How long events are read back when the process starts."""


class DurableState:
    """A `MemoryState` that outlives its process: what was acknowledged is on disk before it is in memory.

    Somebody has to call `snapshot` when it is due, see `SnapshotKeeper`: a start reads all of 30 days again otherwise,
    and what was forgotten stays in the files as long. One process has the folder. What ends with the machine and not
    with the process, a power cut, may cost what the disk had not been given yet.

    Args:
        memory: as the journal left it.
        journal: read to its end.
        clock: UTC seconds.
    """

    def __init__(self, memory: MemoryState, journal: EventJournal, clock: Callable[[], float] = time.time) -> None:
        self._memory, self._journal, self._clock = memory, journal, clock
        # What is written in one order must not be remembered in another.
        self._lock = Lock()
        self._due = SnapshotDue()

    @staticmethod
    def open(folder: Path, config: StateConfig, clock: Callable[[], float] = time.time) -> "DurableState":
        """Reads back what an earlier process acknowledged.

        Args:
            folder: of the journal; it is made if need be.
            config: how much is kept in memory.
            clock: UTC seconds.

        Raises:
            SettingsError: the folder cannot be written to, or another process has it.
            DataError: the snapshot is damaged, or a record before the last one.
        """
        journal = EventJournal.open(folder, KEEP_S, clock)
        try:
            path = journal.snapshot_path
            memory = MemoryState(config, clock) if path is None else MemoryState.load(path, config, clock)
            store = DurableState(memory, journal, clock)
            for operation in journal.replay():
                _repeat(memory, operation)
                store._due.note(operation)
        except WinnowError:
            journal.close()
            raise
        return store

    def append(self, events: Sequence[Event]) -> int:
        with self._lock:
            new = self._memory.new_among(events)
            if new:
                operation = EventsAppended(at=self._clock(), events=new)
                self._keep(operation)
                self._memory.append(new, operation.at)
        return len(new)

    def read(self, user_ids: Sequence[str], before: Array, within_s: float = math.inf) -> UserStates:
        return self._memory.read(user_ids, before, within_s)

    def forget(self, user_id: str) -> int:
        """As in StateStore. The user's events go from the disk with the next snapshot, which is soon due then."""
        with self._lock:
            self._keep(UserForgotten(at=self._clock(), user_id=user_id))
            return self._memory.forget(user_id)

    def reset(self, user_id: str) -> int:
        with self._lock:
            self._keep(UserReset(at=self._clock(), user_id=user_id))
            return self._memory.reset(user_id)

    def close_past(self, user_id: str) -> None:
        with self._lock:
            self._keep(PastClosed(at=self._clock(), user_id=user_id))
            self._memory.close_past(user_id)

    def merge(self, source: str, target: str) -> int:
        if not source or not target or source == target:
            return 0
        with self._lock:
            operation = NamesMerged(at=self._clock(), source=source, target=target)
            self._keep(operation)
            return self._memory.merge(source, target, operation.at)

    def demand(self, counted: Bools, now: float) -> tuple[Array, Array]:
        return self._memory.demand(counted, now)

    @property
    def snapshot_size(self) -> int:
        """Bytes of the last snapshot on disk; 0 where there is none."""
        return self._journal.snapshot_size

    def is_snapshot_due(self) -> bool:
        """Whether so much came since the last one, or so long ago, that it is time for another."""
        sizes = self._journal.size, self.snapshot_size
        with self._lock:
            return self._due.is_due(self._clock(), *sizes)

    def snapshot(self) -> None:
        """Writes all that is known, if anything came since the last time, and tidies up the journal.

        Others read and append meanwhile, but for milliseconds.

        Raises:
            Unavailable: a file cannot be written; nothing is lost.
        """
        self._journal.settle()
        with self._lock:
            memory, cut = self._memory.frozen(), self._journal.cut()
            due, self._due = self._due, SnapshotDue()
        try:
            self._journal.snapshot(cut, memory.save)
            self._journal.tidy()
        except Unavailable:
            with self._lock:
                self._due.take_in(due)
            raise

    def tidy(self) -> None:
        """What `snapshot` does at its end, should an earlier process have ended in between. Raises as that does."""
        self._journal.tidy()

    def close(self) -> None:
        """Lets the folder go; nothing is stored any more."""
        self._journal.close()

    def _keep(self, operation: StateOperation) -> None:
        self._journal.append(operation)
        self._due.note(operation)


def _repeat(memory: MemoryState, operation: StateOperation) -> None:
    match operation:
        case EventsAppended():
            memory.append(operation.events, operation.at)
        case UserForgotten():
            memory.forget(operation.user_id)
        case UserReset():
            memory.reset(operation.user_id)
        case PastClosed():
            memory.close_past(operation.user_id)
        case NamesMerged():
            memory.merge(operation.source, operation.target, operation.at)
