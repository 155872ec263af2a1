"""The keys of the moment: those that the process began with, and those of a file that may change."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock

from winnow.schema.errors import SettingsError
from winnow.serving.access.key_file import read_key_file
from winnow.serving.access.known_key import KnownKey

logger = logging.getLogger(__name__)

LOOK_EVERY_S = 1.0
State = tuple[int, int, int]
"""Of a file: when it was written, its size, and which file it is; another one by the same name is another."""


@dataclass(slots=True, kw_only=True)
class KeyRing:
    """Follows its file: a change of it counts within LOOK_EVERY_S, without a restart. A broken file changes nothing.

    Attributes:
        fixed: keys for as long as the process lives.
        file: of further keys, one a line; None for none.
        clock: seconds, never back.
    """

    fixed: tuple[KnownKey, ...] = ()
    file: Path | None = None
    clock: Callable[[], float] = time.monotonic
    _read: tuple[KnownKey, ...] = field(default=(), init=False, repr=False)
    _state: State | None = field(default=None, init=False)
    _looked_at: float = field(default=0.0, init=False)
    _lock: Lock = field(default_factory=Lock, init=False, repr=False)

    def __post_init__(self) -> None:
        """Raises SettingsError where the file cannot be read."""
        self.read()

    def current(self) -> tuple[KnownKey, ...]:
        """All that are good now. A file that broke is logged once, and the keys that it had stay."""
        if self.file is not None and self.clock() - self._looked_at >= LOOK_EVERY_S:
            self._look()
        return self.fixed + self._read

    def read(self) -> int:
        """Reads the file at once, changed or not; returns how many keys are good now.

        Raises:
            SettingsError: it cannot be read, or a line of it is wrong; the keys that it had stay.
        """
        if self.file is not None:
            with self._lock:
                self._looked_at, self._state = self.clock(), _state_of(self.file)
                self._read = read_key_file(self.file)
        return len(self.fixed + self._read)

    def _look(self) -> None:
        self._looked_at = self.clock()
        if self.file is None or _state_of(self.file) == self._state:
            return
        try:
            logger.info("The keys have changed; there are %d now.", self.read())
        except SettingsError as error:
            logger.error("The keys stay as they were. %s", error)


def _state_of(file: Path) -> State | None:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
