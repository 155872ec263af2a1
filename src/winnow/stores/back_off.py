"""Patience with what failed."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock

NOT_WAITING = -math.inf
LONGEST = 4.0
"""Waits grow up to so many times the first: who tries in vain waits for an answer, and the callers behind it too."""


@dataclass(slots=True)
class BackOff:
    """After a failure nobody tries for a while; then one does, and the others wait for its success.

    Each trial that fails doubles the wait, up to LONGEST times the first.

    Safe to share between threads.

    Attributes:
        wait_s: for how long nobody tries at first.
        clock: seconds that only rise.
    """

    wait_s: float
    clock: Callable[[], float] = time.monotonic
    _next_try_at: float = NOT_WAITING
    _times: float = 1.0
    _is_tried: bool = False
    _lock: Lock = field(default_factory=Lock)

    def left_s(self) -> float:
        """How long to wait; 0 if the caller is to try now."""
        if self._next_try_at == NOT_WAITING:
            return 0.0
        with self._lock:
            now = self.clock()
            left = self._next_try_at - now
            if left <= 0:
                self._next_try_at, self._is_tried = now + self._times * self.wait_s, True
            return max(left, 0.0)

    def succeeded(self) -> None:
        """Lets everybody in."""
        if self._next_try_at != NOT_WAITING:
            with self._lock:
                self._next_try_at, self._times, self._is_tried = NOT_WAITING, 1.0, False

    def failed(self) -> None:
        """Lets nobody in for a while."""
        with self._lock:
            if self._is_tried:
                self._times, self._is_tried = min(2 * self._times, LONGEST), False
            self._next_try_at = self.clock() + self._times * self.wait_s
