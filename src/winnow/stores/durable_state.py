"""What users did, in one process and on its disk."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Lock

from winnow.schema.column import Array, Bools
from winnow.schema.errors import WinnowError
from winnow.stores.event import Event
from winnow.stores.event_journal import EventJournal
from winnow.stores.memory_state import MemoryState
from winnow.stores.state_config import StateConfig
from winnow.stores.state_operation import EventsAppended, NamesMerged, StateOperation, UserForgotten, UserReset
from winnow.stores.state_store import UserStates

KEEP_S = 30 * 86_400.0
"""How long events are read back when the process starts."""


class DurableState:
    """A `MemoryState` that outlives its process: what was acknowledged is on disk before it is in memory.

    One process has the folder. What ends with the machine and not with the process, a power cut, may cost what the disk
    had not been given yet.

    Args:
        memory: as the journal left it.
        journal: read to its end.
        clock: UTC seconds.
    """

    def __init__(self, memory: MemoryState, journal: EventJournal, clock: Callable[[], float] = time.time) -> None:
        self._memory, self._journal, self._clock = memory, journal, clock
        # What is written in one order must not be remembered in another.
        self._lock = Lock()

    @staticmethod
    def open(folder: Path, config: StateConfig, clock: Callable[[], float] = time.time) -> "DurableState":
        """Reads back what an earlier process acknowledged.

        Args:
            folder: of the journal; it is made if need be.
            config: how much is kept in memory.
            clock: UTC seconds.

        Raises:
            SettingsError: the folder cannot be written to, or another process has it.
            DataError: a record before the last one is damaged.
        """
        journal = EventJournal.open(folder, KEEP_S, clock)
        memory = MemoryState(config, clock)
        try:
            for operation in journal.replay():
                _repeat(memory, operation)
        except WinnowError:
            journal.close()
            raise
        return DurableState(memory, journal, clock)

    def append(self, events: Sequence[Event]) -> int:
        with self._lock:
            new = self._memory.new_among(events)
            if new:
                self._journal.append(EventsAppended(at=self._clock(), events=new))
                self._memory.append(new)
        return len(new)

    def read(self, user_ids: Sequence[str], before: Array) -> UserStates:
        return self._memory.read(user_ids, before)

    def forget(self, user_id: str) -> int:
        """As in StateStore. The lines of the user go from the disk when their segments do, after at most `KEEP_S`."""
        with self._lock:
            self._journal.append(UserForgotten(at=self._clock(), user_id=user_id))
            return self._memory.forget(user_id)

    def reset(self, user_id: str) -> int:
        with self._lock:
            self._journal.append(UserReset(at=self._clock(), user_id=user_id))
            return self._memory.reset(user_id)

    def merge(self, source: str, target: str) -> int:
        if not source or not target or source == target:
            return 0
        with self._lock:
            self._journal.append(NamesMerged(at=self._clock(), source=source, target=target))
            return self._memory.merge(source, target)

    def demand(self, counted: Bools, now: float) -> tuple[Array, Array]:
        return self._memory.demand(counted, now)

    def close(self) -> None:
        """Lets the folder go; nothing is stored any more."""
        self._journal.close()


def _repeat(memory: MemoryState, operation: StateOperation) -> None:
    match operation:
        case EventsAppended():
            memory.append(operation.events, operation.at)
        case UserForgotten():
            memory.forget(operation.user_id)
        case UserReset():
            memory.reset(operation.user_id)
        case NamesMerged():
            memory.merge(operation.source, operation.target)
