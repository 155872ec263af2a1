"""A load, made by one event loop."""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from urllib.parse import urlsplit

import numpy as np

from winnow.ops.load.load_connection import LoadConnection
from winnow.ops.load.load_plan import LoadPlan
from winnow.ops.load.load_result import UNANSWERED, LoadResult
from winnow.schema.errors import RequestError, Unavailable


class LoadRun:
    """One run of a plan; used once.

    Args:
        plan: what is asked, how often and how long.
        clock: monotonic seconds.
    """

    def __init__(self, plan: LoadPlan, clock: Callable[[], float] = time.perf_counter) -> None:
        self._plan, self._clock = plan, clock
        self._host, self._port, self._payloads = _written(plan)
        self._starts: list[float] = plan.starts_s().tolist()
        self._due: list[float] = []
        self._taken: list[float] = []
        self._statuses: list[int] = []
        self._degraded: list[bool] = []
        self._answers = 0
        self._idle: deque[LoadConnection] = deque()
        self._connections: set[LoadConnection] = set()
        self._waiting: deque[int] = deque()
        self._opening: set[asyncio.Task[None]] = set()
        self._over = False

    async def result(self) -> LoadResult:
        """Makes the load.

        Raises:
            Unavailable: nothing listens there, or no longer.
        """
        self._loop = asyncio.get_running_loop()
        self._done: asyncio.Future[None] = self._loop.create_future()
        for _ in range(self._plan.connections):
            await self._open()
        begin, used = self._clock(), time.process_time()
        self._begin, self._end = begin, begin + self._plan.warm_s + self._plan.seconds
        self._tick() if self._is_open_loop else self._ask_all()
        self._loop.call_later(self._end - begin, self._finish_if_answered)
        limit_s = self._end - begin + self._plan.patience_s
        try:
            async with asyncio.timeout(limit_s):
                await self._done
        except TimeoutError:
            self._give_up()
        finally:
            self._close()
        return self._counted((time.process_time() - used) / (self._clock() - begin))

    @property
    def _is_open_loop(self) -> bool:
        return self._plan.rate is not None

    def _ask_all(self) -> None:
        for connection in list(self._idle):
            self._idle.remove(connection)
            self._ask(connection, self._new(self._clock()))

    def _tick(self) -> None:
        """Begins what is due, and comes back for the next."""
        now = self._clock()
        while len(self._due) < len(self._starts):
            due = self._begin + self._starts[len(self._due)]
            if due > now:
                self._loop.call_later(due - now, self._tick)
                return
            request = self._new(due)
            if self._idle:
                self._ask(self._idle.popleft(), request)
            else:
                self._waiting.append(request)

    def _new(self, due: float) -> int:
        self._due.append(due)
        self._taken.append(np.nan)
        self._statuses.append(UNANSWERED)
        self._degraded.append(False)
        return len(self._due) - 1

    def _ask(self, connection: LoadConnection, request: int) -> None:
        connection.ask(request, self._payloads[request % len(self._payloads)])

    def _answered(self, connection: LoadConnection, status: int, degraded: bool) -> None:
        request = connection.request
        self._taken[request] = self._clock() - self._due[request]
        self._statuses[request], self._degraded[request] = status, degraded
        self._answers += 1
        if status != UNANSWERED:
            self._free(connection)

    def _free(self, connection: LoadConnection) -> None:
        """Gives the connection what waits; the longest idle is asked first, so that all workers have their share."""
        if self._waiting:
            self._ask(connection, self._waiting.popleft())
        elif not self._is_open_loop and self._clock() < self._end:
            self._ask(connection, self._new(self._clock()))
        else:
            self._idle.append(connection)
            self._finish_if_answered()

    def _finish_if_answered(self) -> None:
        begun = self._clock() >= self._end and len(self._due) >= len(self._starts)
        if begun and self._answers == len(self._due) and not self._done.done():
            self._done.set_result(None)

    def _lost(self, connection: LoadConnection) -> None:
        self._connections.discard(connection)
        if connection in self._idle:
            self._idle.remove(connection)
        if not self._over:
            task = self._loop.create_task(self._open_again())
            self._opening.add(task)
            task.add_done_callback(self._opening.discard)

    async def _open_again(self) -> None:
        try:
            await self._open()
        except Unavailable as error:
            if not self._done.done():
                self._done.set_exception(error)
        else:
            self._finish_if_answered()

    async def _open(self) -> None:
        try:
            _, connection = await self._loop.create_connection(
                lambda: LoadConnection(self._answered, self._lost), self._host, self._port
            )
        except OSError as error:
            raise Unavailable(f"The service at {self._plan.url} does not answer: {error}. Is it running?") from error
        self._connections.add(connection)
        if not self._due:  # the load has not begun
            self._idle.append(connection)
        else:
            self._free(connection)

    def _give_up(self) -> None:
        now = self._clock()
        self._taken = [
            now - due if np.isnan(taken) else taken for due, taken in zip(self._due, self._taken, strict=True)
        ]

    def _close(self) -> None:
        self._over = True
        for task in self._opening:
            task.cancel()
        for connection in self._connections:
            connection.close()

    def _counted(self, share: float) -> LoadResult:
        due, taken = np.array(self._due), np.array(self._taken)
        first = self._begin + self._plan.warm_s
        counts = due >= first
        last = float((due + taken)[counts].max()) if counts.any() else first + self._plan.seconds
        return LoadResult(
            latencies_ms=taken[counts] * 1e3,
            statuses=np.array(self._statuses, np.int64)[counts],
            degraded=int(np.array(self._degraded, bool)[counts].sum()),
            seconds=last - first,
            generator_share=share,
        )


def _written(plan: LoadPlan) -> tuple[str, int, list[bytes]]:
    """Host, port, and every request as it goes over the wire."""
    wrong = RequestError(f"'{plan.url}' is not the address of a service; write it like http://127.0.0.1:8080.")
    try:
        parts = urlsplit(plan.url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise wrong from error
    if parts.scheme != "http" or not host:
        raise wrong
    key = f"Authorization: Bearer {plan.key}\r\n" if plan.key else ""
    head = f"POST {plan.path} HTTP/1.1\r\nHost: {parts.netloc}\r\n{key}Content-Type: application/json\r\n"
    bodies = [body.encode() for body in plan.bodies]
    return host, port or 80, [f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body for body in bodies]
