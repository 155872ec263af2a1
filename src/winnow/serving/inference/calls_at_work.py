"""A bound on the calls that one process answers at once."""

from collections.abc import Iterator
from contextlib import contextmanager

from winnow.serving.door.refusal import BUSY
from winnow.serving.errors import ApiError


class CallsAtWork:
    """Counts the calls whose message has come and that are not answered; for one event loop.

    Args:
        most: at once.
    """

    def __init__(self, most: int) -> None:
        self._most, self._calls = most, 0

    @contextmanager
    def one(self) -> Iterator[None]:
        """One more, while the block runs. Raises ApiError, 429, where there are enough."""
        if self._calls >= self._most:
            raise ApiError(429, BUSY.reason, BUSY.message)
        self._calls += 1
        try:
            yield
        finally:
            self._calls -= 1
