"""Several processes that answer at one address, and the one that watches over them."""

import logging
import os
import secrets
import selectors
import socket
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from winnow.schema.errors import SettingsError
from winnow.serving.process.listening import open_socket, shared_socket, url_of
from winnow.serving.process.stop_signals import StopSignals
from winnow.serving.process.worker_process import WorkerProcess
from winnow.serving.settings.settings import DRAIN_S, MIN_SECRET_BYTES, Settings, environment_of

logger = logging.getLogger(__name__)

GRACE_S = 5.0
"""Beyond DRAIN_S, for a worker to write what it has yet to write."""
FIRST_WAIT_S, LONGEST_WAIT_S = 0.1, 10.0
"""Between the death of a worker that was not ready for long and the next try; it doubles each time."""
STEADY_S = 30.0
"""Who was ready for so long is started again at once."""
MOST_FAILURES = 8


@dataclass(slots=True)
class _Place:
    """A seat, and who has it.

    Attributes:
        name: of the seat.
        worker: None while nobody has it.
        failures: how many workers in a row were not ready for long.
        ready_at: when the present one was, on the clock of `time.monotonic`.
        due_at: when the next one is started.
    """

    name: str
    worker: WorkerProcess | None = None
    failures: int = 0
    ready_at: float = 0.0
    due_at: float = 0.0


@dataclass(slots=True, kw_only=True)
class Supervisor:
    """Starts the workers, starts again those that die, and stops them all. It reads no bundle and answers nobody.

    Attributes:
        start: a worker at the seat of a name.
        places: of the workers.
        announce: told what the first worker says of itself, once all are ready.
        signals: tell it to stop.
    """

    start: Callable[[str], WorkerProcess]
    places: Sequence[_Place]
    announce: Callable[[str], None]
    signals: StopSignals
    _is_announced: bool = field(default=False, init=False)
    _selector: selectors.BaseSelector = field(default_factory=selectors.DefaultSelector, init=False)

    def run(self) -> int:
        """Until a signal comes; returns its number, when all workers have ended.

        Raises:
            SettingsError: a worker cannot be started.
        """
        self._selector.register(self.signals.heard, selectors.EVENT_READ)
        try:
            while self.signals.number is None:
                for place in self.places:
                    self._fill(place)
                self._listen()
            return self.signals.number
        finally:
            self._stop()

    def _fill(self, place: _Place) -> None:
        if place.worker is None and place.due_at <= time.monotonic():
            place.worker = self.start(place.name)
            self._selector.register(place.worker.lifeline, selectors.EVENT_READ, place)

    def _listen(self) -> None:
        due = [place.due_at for place in self.places if place.worker is None]
        timeout = max(0.0, min(due) - time.monotonic()) if due else None
        for key, _ in self._selector.select(timeout):
            if key.data is None:
                self.signals.take()
            else:
                self._hear(key.data)

    def _hear(self, place: _Place) -> None:
        worker = place.worker
        if worker is None:
            return
        lifeline, was_ready = worker.lifeline, worker.is_ready
        handle = lifeline.fileno()
        code = worker.hear()
        if code is not None:
            self._selector.unregister(handle)
            self._bury(place, code, was_ready=was_ready)
        elif worker.is_ready and not was_ready:
            place.ready_at = time.monotonic()
            self._tell()

    def _tell(self) -> None:
        workers = [place.worker for place in self.places]
        if not self._is_announced and all(each is not None and each.is_ready for each in workers):
            self._is_announced = True
            self.announce(next(each.sentence for each in workers if each is not None))

    def _bury(self, place: _Place, code: int, *, was_ready: bool) -> None:
        now = time.monotonic()
        is_steady = was_ready and now - place.ready_at > STEADY_S
        place.worker, place.failures = None, 0 if is_steady else place.failures + 1
        if not self._is_announced and not was_ready:
            raise SettingsError(f"A worker cannot be started: it ended with {_ended(code)}, and has said why above.")
        others = any(each.worker is not None and each.worker.is_ready for each in self.places)
        if place.failures >= MOST_FAILURES and not others:
            raise SettingsError(
                f"No worker is left, and {place.failures} in a row ended before long, the last one with "
                f"{_ended(code)}; what they said stands above."
            )
        wait_s = min(FIRST_WAIT_S * 2 ** (place.failures - 1), LONGEST_WAIT_S) if place.failures else 0.0
        place.due_at = now + wait_s
        logger.warning("The worker %s ended with %s; another takes its place.", place.name, _ended(code))

    def _stop(self) -> None:
        """All finish what they do at the same time."""
        workers = [place.worker for place in self.places if place.worker is not None]
        for worker in workers:
            worker.stop()
        until = time.monotonic() + DRAIN_S + GRACE_S
        for worker in workers:
            worker.end(max(0.0, until - time.monotonic()))
        self._selector.close()


def supervise(command: Sequence[str], settings: Settings, announce: Callable[[str], None]) -> int:
    """Serves with as many workers as the settings say, until a signal comes; returns the number of that.

    Args:
        command: of a worker.
        settings: where to listen.
        announce: told what a worker says of itself, once all are ready.

    Raises:
        SettingsError: the address is taken, or a worker cannot be started.
    """
    secret = settings.cursor_secret or secrets.token_hex(MIN_SECRET_BYTES).encode()
    open_socket(settings).close()  # it must be free: others who share it would have a part of the callers
    with (
        shared_socket(settings) as reserved,
        TemporaryDirectory(prefix="winnow-metrics-") as metrics,
        StopSignals.caught() as signals,
    ):
        port = reserved.getsockname()[1]
        environment = partial(environment_of, cursor_secret=secret)

        def start(name: str) -> WorkerProcess:
            return WorkerProcess.start(command, name, port, Path(metrics), environment)

        prefix = f"{socket.gethostname()}-{os.getpid()}"
        places = [_Place(f"{prefix}-{number + 1}") for number in range(settings.workers)]
        logger.info("%d workers come to %s.", settings.workers, url_of(reserved))
        return Supervisor(start=start, places=places, announce=announce, signals=signals).run()


def _ended(code: int) -> str:
    return f"code {code}" if code >= 0 else f"signal {-code}"
