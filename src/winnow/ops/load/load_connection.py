"""A kept connection that carries one request at a time."""

import asyncio
from collections.abc import Callable
from typing import Any, cast

import httptools

from winnow.ops.load.load_result import OK, UNANSWERED

COMPLETE = b'"degraded":[]'
"""Stands in an answer that lacks nothing, as the service writes JSON."""


class LoadConnection(asyncio.Protocol):
    """Calls back instead of waking a coroutine: making load is to cost little of the cores that answer it.

    Args:
        answered: told of each answer: the connection, its status, and whether the answer lacks something.
        lost: told that the connection is closed, after `answered` where a request was under way.
    """

    def __init__(
        self, answered: Callable[["LoadConnection", int, bool], None], lost: Callable[["LoadConnection"], None]
    ) -> None:
        self._answered, self._lost = answered, lost
        self._transport: asyncio.Transport | None = None
        self._parser: Any = httptools.HttpResponseParser(self)
        self._busy = self._degraded = False
        self._body: list[bytes] = []
        self.request = -1
        """Number of the request that is under way, or was last."""

    def ask(self, request: int, payload: bytes) -> None:
        """Sends the request of that number; the connection is not busy."""
        self.request, self._busy, self._degraded = request, True, False
        if self._transport is not None:
            self._transport.write(payload)

    def close(self) -> None:
        """Lets the connection go; what is under way is not answered."""
        if self._transport is not None:
            self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Called by the event loop."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Called by the event loop; a service that speaks unasked, or not in HTTP, loses the connection."""
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError:
            self.close()

    def connection_lost(self, exc: Exception | None) -> None:
        """Called by the event loop."""
        self._transport = None
        if self._busy:
            self._end(UNANSWERED)
        self._lost(self)

    def on_message_begin(self) -> None:
        """Called by the parser."""
        self._body = []

    def on_body(self, body: bytes) -> None:
        """Called by the parser."""
        self._body.append(body)

    def on_message_complete(self) -> None:
        """Called by the parser."""
        status = self._parser.get_status_code()
        self._degraded = status == OK and COMPLETE not in b"".join(self._body)
        if self._busy:
            self._end(status)

    def _end(self, status: int) -> None:
        self._busy = False
        self._answered(self, status, self._degraded)
