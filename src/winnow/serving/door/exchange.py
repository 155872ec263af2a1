"""One request and its answer, as ASGI has them."""

import asyncio
import logging
import math
from collections.abc import Iterable
from http import HTTPStatus
from typing import Protocol

from starlette.types import ASGIApp, Message, Scope

from winnow.serving.door.refusal import FAILED, Refusal

logger = logging.getLogger(__name__)

HIGH_WATER_BYTES = 65_536
"""Of a body that the application has not taken yet."""
BODILESS = (204, 304)
STATUS_LINES = {each.value: f"HTTP/1.1 {each.value} {each.phrase}\r\n".encode() for each in HTTPStatus}


class Wire(Protocol):
    """What an exchange asks of its connection."""

    @property
    def default_headers(self) -> list[tuple[bytes, bytes]]:
        """Of every answer: the date."""
        ...

    def write(self, data: bytes) -> None:
        """Sends, or keeps until the caller takes it."""
        ...

    def pause_reading(self) -> None:
        """The caller is to wait."""
        ...

    def resume_reading(self) -> None:
        """The caller may go on."""
        ...

    async def drained(self) -> None:
        """Returns once the caller has taken what was written, or is gone."""
        ...

    def answered(self, exchange: "Exchange") -> None:
        """The answer is written."""
        ...


class Exchange:
    """Holds the body until the application takes it, and writes what the application answers.

    Args:
        wire: the connection.
        scope: of ASGI.
        keep_alive: whether the caller wants to go on using the connection.
        expects: whether the caller waits to be told to send the body.

    Attributes:
        is_whole, is_started, is_complete: the request has come; the answer has begun; it is written.
        whole_at: instant of the process's clock at which the request was whole.
        held_bytes, is_counted, task: for the door.
    """

    __slots__ = (
        "_body", "_chunked", "_delivered", "_expects", "_gone", "_head", "_waiter", "_waiting_bytes", "_wire",
        "held_bytes", "is_complete", "is_counted", "is_started", "is_whole", "keep_alive", "scope", "task", "whole_at",
    )  # fmt: skip

    def __init__(self, wire: Wire, scope: Scope, *, keep_alive: bool, expects: bool) -> None:
        self.scope, self.keep_alive = scope, keep_alive
        self.is_started = self.is_whole = self.is_complete = self.is_counted = False
        self.held_bytes, self.whole_at = 0, math.nan
        self.task: asyncio.Task[None] | None = None
        self._wire, self._expects = wire, expects
        self._body, self._waiting_bytes = list[bytes](), 0
        self._delivered = self._gone = self._chunked = False
        self._head = b""
        self._waiter: asyncio.Future[None] | None = None

    def take(self, data: bytes) -> None:
        """A piece of the body has come."""
        self._body.append(data)
        self._waiting_bytes += len(data)
        if self._waiting_bytes > HIGH_WATER_BYTES:
            self._wire.pause_reading()
        self._wake()

    def end(self, at: float) -> None:
        """The request is whole, since this instant of the process's clock."""
        self.is_whole, self.whole_at = True, at
        self.scope["state"]["whole_at"] = at
        self._wake()

    def lose(self) -> None:
        """The caller is gone."""
        self._gone = True
        self._wake()

    async def run(self, app: ASGIApp) -> None:
        """Has the application answer."""
        try:
            await app(self.scope, self.receive, self.send)
        except Exception:
            # The application answers its own faults; this is the last resort.
            logger.exception("The application failed.")
        if not self.is_complete and not self._gone:
            self.give_up()

    def refuse(self, refusal: Refusal) -> None:
        """Answers instead of the application."""
        self.is_started = True
        self._wire.write(refusal.written(close=not self.keep_alive, bodiless=self.scope["method"] == "HEAD"))
        self._finish()

    def give_up(self) -> None:
        """The application has no (further) answer."""
        self.keep_alive = False
        if self.is_started:
            self._finish()
        else:
            self.refuse(FAILED)

    async def receive(self) -> Message:
        """The next piece of the body, or that the caller is gone; waits for either."""
        if self._expects and not self.is_whole:
            self._wire.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        self._expects = False
        while not (self._gone or self.is_complete or self._has_news()):
            self._wire.resume_reading()
            self._waiter = asyncio.get_running_loop().create_future()
            await self._waiter
        if self._gone or self.is_complete:
            return {"type": "http.disconnect"}
        body, self._body, self._waiting_bytes = b"".join(self._body), [], 0
        self._delivered = self.is_whole
        return {"type": "http.request", "body": body, "more_body": not self.is_whole}

    async def send(self, message: Message) -> None:
        """A piece of the answer."""
        if self._gone or self.is_complete:
            return
        if message["type"] == "http.response.start":
            self._start(message["status"], message.get("headers", ()))
            return
        more = message.get("more_body", False)
        self._write(message.get("body", b""), more=more)
        if more:
            await self._wire.drained()
        else:
            self._finish()

    def _has_news(self) -> bool:
        return bool(self._body) or (self.is_whole and not self._delivered)

    def _start(self, status: int, headers: Iterable[tuple[bytes, bytes]]) -> None:
        """The head is written together with the first piece of the body."""
        parts, names = [STATUS_LINES[status]], set[bytes]()
        for name, value in (*self._wire.default_headers, *headers):
            names.add(name.lower())
            parts.append(b"%b: %b\r\n" % (name, value))
        if b"content-length" not in names and status not in BODILESS:
            self._chunked = self.scope["http_version"] == "1.1"
            parts.append(b"transfer-encoding: chunked\r\n" if self._chunked else b"")
            self.keep_alive = self.keep_alive and self._chunked
        if not self.is_whole:
            # What is still to come of the body is not read, so that no further request can be.
            self.keep_alive = False
        if not self.keep_alive:
            parts.append(b"connection: close\r\n")
        self._head = b"".join([*parts, b"\r\n"])

    def _write(self, body: bytes, *, more: bool) -> None:
        if self.scope["method"] == "HEAD":
            body = b""
        elif self._chunked:
            body = (b"%x\r\n%b\r\n" % (len(body), body) if body else b"") + (b"" if more else b"0\r\n\r\n")
        head, self._head, self.is_started = self._head, b"", True
        if head or body:
            self._wire.write(head + body)

    def _finish(self) -> None:
        self.is_complete = True
        self._body.clear()
        self._wake()
        self._wire.answered(self)

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)
