"""A service of a few lines that answers, refuses, hangs up or keeps silent as a test asks."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import httptools

WHOLE = b'{"items":[],"degraded":[]}'
LACKING = b'{"items":[],"degraded":["rank"]}'
HANG_UP = b"hang up"
SILENCE = b"silence"

Answer = Callable[[bytes], bytes]
"""A body in; WHOLE, LACKING, HANG_UP, SILENCE, or a three-digit status out."""


class _Caller(asyncio.Protocol):
    def __init__(self, answer: Answer) -> None:
        self._answer = answer

    def connection_made(self, transport):
        self._transport, self._parser, self._body = transport, httptools.HttpRequestParser(self), b""

    def data_received(self, data):
        self._parser.feed_data(data)

    def on_body(self, body):
        self._body += body

    def on_message_complete(self):
        answer, self._body = self._answer(self._body), b""
        if answer == HANG_UP:
            self._transport.close()
        elif answer != SILENCE:
            status, body = (answer, b"{}") if len(answer) == 3 else (b"200", answer)
            head = b"HTTP/1.1 %b So\r\nContent-Length: %d\r\n\r\n" % (status, len(body))
            # In two pieces, as it may come over a network.
            self._transport.write(head + body[:5])
            self._transport.write(body[5:])


@asynccontextmanager
async def loopback_server(answer: Answer) -> AsyncIterator[str]:
    """The address of such a service."""
    server = await asyncio.get_running_loop().create_server(lambda: _Caller(answer), "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
