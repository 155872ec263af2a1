"""Takes the snapshots of a store while it serves."""

import logging
from collections.abc import Callable
from threading import Event, Thread

from winnow.schema.errors import Unavailable
from winnow.stores.durable_state import DurableState

logger = logging.getLogger(__name__)

PAUSE_S, RETRY_S = 10.0, 300.0


class SnapshotKeeper:
    """A thread that looks now and then whether a snapshot is due; it begins with what an earlier process left undone.

    Args:
        store: closed by `close`.
        pause_s: between two looks.
    """

    def __init__(self, store: DurableState, pause_s: float = PAUSE_S) -> None:
        self._store, self._pause_s = store, pause_s
        self._is_over = Event()
        self._thread = Thread(target=self._run, name="snapshots", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Takes a last snapshot, so that the next start is quick, and closes the store."""
        self._is_over.set()
        self._thread.join()
        self._succeeds(self._store.snapshot)
        self._store.close()

    def _run(self) -> None:
        is_well = self._succeeds(self._store.tidy)
        while not self._is_over.wait(self._pause_s if is_well else RETRY_S):
            if self._store.is_snapshot_due():
                is_well = self._succeeds(self._store.snapshot)

    def _succeeds(self, step: Callable[[], None]) -> bool:
        try:
            step()
        except Unavailable as error:
            logger.warning("%s Nothing is lost: the journal has all of it. The next try comes by itself.", error)
            return False
        return True
