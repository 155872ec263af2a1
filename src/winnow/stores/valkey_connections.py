"""Connections to a Valkey server, each for one caller at a time."""

import math
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

from winnow.stores.awaited import awaited


@dataclass(slots=True)
class ValkeyConnections:
    """Those that are ready wait here; the pool of the library makes new ones. Safe to share between threads.

    Whoever has little time waits no longer than that for a new one: for the look-up of the server's name, the handshake
    of TLS and the log-in together. One that comes too late is there for the next caller.

    Attributes:
        pool: of the library, whose types are open.
        on_fault: called where a connection cannot be made, and whoever wanted it is gone.
    """

    pool: Any
    on_fault: Callable[[], None]
    _ready: deque[Any] = field(default_factory=deque[Any], init=False)
    _is_closed: bool = field(default=False, init=False)

    def taken(self, within_s: float = math.inf) -> Any:
        """One that is connected; hand it to `give_back` or to `drop`.

        Raises:
            LateError: there is none in time.
            Exception: what the library raises where the server cannot be reached.
        """
        while self._ready:
            connection = self._next()
            if connection is not None:
                return connection
        if within_s == math.inf:
            return self._made()
        return awaited(self._made, within_s, self._came_late)

    def give_back(self, connection: Any) -> None:
        """Another caller may take it: all that was asked over it is answered."""
        self._ready.append(connection)
        if self._is_closed:
            self.drop_ready()

    def drop(self, connection: Any) -> None:
        """Closes one over which something went wrong: what was not read would be taken for the next answer."""
        connection.disconnect()
        self.pool.release(connection)

    def drop_ready(self) -> None:
        """Closes all that nobody has taken."""
        while self._ready:
            try:
                connection = self._ready.pop()
            except IndexError:  # another thread was quicker
                return
            self.drop(connection)

    def close(self) -> None:
        """Closes all, also those that are taken: whoever waits there waits no more."""
        self._is_closed = True
        self.drop_ready()
        self.pool.disconnect()

    def _made(self) -> Any:
        return self.pool.get_connection("")

    def _next(self) -> Any:
        """The one that was given back last; None where the server has closed it meanwhile, or another took it."""
        try:
            connection = self._ready.pop()
        except IndexError:
            return None
        try:
            is_quiet = not connection.can_read()
        except Exception:  # noqa: BLE001 - of whatever kind, it is a connection no more
            is_quiet = False
        if is_quiet:
            return connection
        self.drop(connection)
        return None

    def _came_late(self, made: Future[Any]) -> None:
        if made.exception() is None:
            self.give_back(made.result())
        else:
            self.on_fault()
