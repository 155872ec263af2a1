"""All connections of a process: who comes in, who has to go, and which requests are answered."""

import asyncio
import logging
from collections.abc import Callable
from time import perf_counter
from typing import Any

from uvicorn import Config

from winnow.serving.door.connection import Connection
from winnow.serving.door.exchange import Exchange
from winnow.serving.door.limits import Limits
from winnow.serving.door.phase import Phase
from winnow.serving.door.refusal import BUSY, CROWDED, Refusal
from winnow.serving.door.watch import Watch

logger = logging.getLogger(__name__)

SWEEP_S = 0.25
AT_A_TIME = 100
"""Overdue connections are ended in lots, so that requests get their turn in between."""
ALWAYS_OPEN = ("/healthz", "/readyz", "/metrics", "/v2/health")
"""Begin of paths that are answered however much there is to do: whoever asks must not take busy for broken."""


class Door:
    """Given to uvicorn as the class of its protocols: calling it lets a caller in.

    Args:
        limits: how long callers may take, and how many are let in.
        told: hears the reason of each refusal that no route gave.
        clock: seconds that only rise.
    """

    def __init__(
        self, limits: Limits, told: Callable[[str], None] = lambda _: None, clock: Callable[[], float] = perf_counter
    ) -> None:
        self.limits, self.now = limits, clock
        self._told = told
        limits_s = {
            Phase.HEAD: limits.head_s, Phase.BODY: limits.body_s, Phase.IDLE: limits.idle_s, Phase.SEND: limits.send_s
        }  # fmt: skip
        self._watch = Watch(clock, limits_s)
        self._state: Any = None
        self._app: Any = None
        self._at_work, self._held_bytes = 0, 0
        self._sweeping: asyncio.TimerHandle | None = None

    def __call__(self, *, config: Config, server_state: Any, **_: object) -> Connection:
        """As uvicorn makes a protocol for each connection."""
        self._state, self._app = server_state, config.loaded_app
        return Connection(self)

    @property
    def default_headers(self) -> list[tuple[bytes, bytes]]:
        """Of every answer: the date, which uvicorn keeps."""
        return self._state.default_headers

    # Connections.

    def made(self, connection: Connection) -> None:
        """Lets a connection in, or somebody else out, or nobody in."""
        self._state.connections.add(connection)
        if self._sweeping is None:
            self._sweep_in(SWEEP_S)
        if len(self._state.connections) > self.limits.connections:
            longest = self._watch.longest()
            if longest is None or longest is connection:
                connection.send_away(CROWDED, linger=False)  # its place is needed
            else:
                self.refused(CROWDED)
                longest.abort()

    def moved(self, connection: Connection, phase: Phase | None) -> None:
        """The connection waits for something else than before; None once it has ended."""
        if connection.phase is not None:
            self._watch.leave(connection, connection.phase)
        if phase is not None:
            self._watch.enter(connection, phase)

    def lost(self, connection: Connection) -> None:
        """The connection has ended."""
        self._state.connections.discard(connection)

    def refused(self, refusal: Refusal) -> None:
        """A refusal was given, if only in thought."""
        self._told(refusal.reason)

    # Requests.

    def start(self, exchange: Exchange) -> None:
        """Has a request answered, or refuses it."""
        if exchange.is_whole:
            if self._at_work >= self.limits.at_work and _may_wait(exchange):
                self._refuse(exchange)
                return
            self._at_work += 1
            exchange.is_counted = True
        task = asyncio.get_running_loop().create_task(self._answered(exchange))
        exchange.task = task
        self._state.tasks.add(task)
        task.add_done_callback(self._state.tasks.discard)

    def held(self, exchange: Exchange, size: int) -> None:
        """So many bytes of its body have come."""
        exchange.held_bytes += size
        self._held_bytes += size

    @property
    def is_full(self) -> bool:
        """Whether there is no room for more bodies."""
        return self._held_bytes > self.limits.held_bytes

    def done(self, exchange: Exchange) -> None:
        """The request is answered, or its caller has gone."""
        self._state.total_requests += 1
        self._held_bytes -= exchange.held_bytes
        exchange.held_bytes = 0
        if exchange.is_counted:
            self._at_work -= 1
            exchange.is_counted = False

    async def _answered(self, exchange: Exchange) -> None:
        # Others were at work meanwhile, and whoever waited long is likely to have given up.
        if exchange.is_counted and self.now() - exchange.whole_at > self.limits.queued_s and _may_wait(exchange):
            self._refuse(exchange)
        else:
            await exchange.run(self._app)

    def _refuse(self, exchange: Exchange) -> None:
        self.refused(BUSY)
        exchange.refuse(BUSY)

    # Time.

    def _sweep_in(self, seconds: float) -> None:
        self._sweeping = asyncio.get_running_loop().call_later(seconds, self._sweep)

    def _sweep(self) -> None:
        late = self._watch.overdue(AT_A_TIME)
        for connection, phase in late:
            connection.expire(phase)
        self._sweeping = None
        if self._state.connections:
            self._sweep_in(SWEEP_S if len(late) < AT_A_TIME else 0)


def _may_wait(exchange: Exchange) -> bool:
    return not exchange.scope["path"].startswith(ALWAYS_OPEN)
