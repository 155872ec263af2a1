"""Patience with what failed."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock

NOT_WAITING = -math.inf


@dataclass(slots=True)
class BackOff:
    """After a failure nobody tries for a while; then one does, and the others wait for its success.

    Safe to share between threads.

    Attributes:
        wait_s: for how long nobody tries.
        clock: seconds that only rise.
    """

    wait_s: float
    clock: Callable[[], float] = time.monotonic
    _next_try_at: float = NOT_WAITING
    _lock: Lock = field(default_factory=Lock)

    def left_s(self) -> float:
        """How long to wait; 0 if the caller is to try now."""
        if self._next_try_at == NOT_WAITING:
            return 0.0
        with self._lock:
            now = self.clock()
            left = self._next_try_at - now
            if left <= 0:
                self._next_try_at = now + self.wait_s
            return max(left, 0.0)

    def succeeded(self) -> None:
        """Lets everybody in."""
        if self._next_try_at != NOT_WAITING:
            with self._lock:
                self._next_try_at = NOT_WAITING

    def failed(self) -> None:
        """Lets nobody in for a while."""
        with self._lock:
            self._next_try_at = self.clock() + self.wait_s
