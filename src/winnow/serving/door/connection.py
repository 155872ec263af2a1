"""One connection of a caller."""

import asyncio
from collections import deque
from typing import TYPE_CHECKING, Any

import httptools

from winnow.serving.door.exchange import HIGH_WATER_BYTES, Exchange
from winnow.serving.door.phase import Phase
from winnow.serving.door.refusal import CROWDED, LARGE_HEAD, MALFORMED, SLOW, UPGRADE, Refusal
from winnow.serving.door.request_head import Address, RequestHead

if TYPE_CHECKING:
    from winnow.serving.door.door import Door


class Connection:
    """A protocol of asyncio over the parser of httptools; requests are answered one after another.

    Args:
        door: knows all connections.
    """

    def __init__(self, door: "Door") -> None:
        self.phase: Phase | None = None
        self._door = door
        self._parser: Any = httptools.HttpRequestParser(self)
        self._transport: Any = None
        self._queue: deque[Exchange] = deque()
        """Whole or begun, not answered; the first is at work."""
        self._reading: Exchange | None = None
        """The last one, while its body is coming."""
        self._head = RequestHead(is_open=False)
        self._is_closing = self._is_paused = self._is_last = self._is_cut = False
        self._drained: asyncio.Future[None] | None = None

    # What the event loop calls.

    def connection_made(self, transport: Any) -> None:
        """A caller has come."""
        self._transport = transport
        self._client, self._server = _address(transport, "peername"), _address(transport, "sockname")
        self.enter(Phase.HEAD)
        self._door.made(self)

    def connection_lost(self, error: Exception | None) -> None:
        """The caller has gone, or was sent away."""
        self.enter(None)
        self._door.lost(self)
        for exchange in self._queue:
            exchange.lose()
            self._door.done(exchange)
        self._queue.clear()
        self.resume_writing()
        self._is_closing, self._parser = True, None

    def eof_received(self) -> bool:
        """The caller sends nothing more, and may still read."""
        if not self._queue or self._reading is not None:
            return False  # a request that is cut off will never be whole
        self._end_after_queue()
        return True

    def data_received(self, data: bytes) -> None:
        """Bytes of none, one or several requests."""
        if self._is_closing or self._is_last:
            return
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            self._upgrade()
        except httptools.HttpParserError:
            self._broken(LARGE_HEAD if self._head.is_large else MALFORMED)
        else:
            self._settle(len(data))

    def pause_writing(self) -> None:
        """The caller does not read."""
        self._is_paused = True
        self._enter_now()

    def resume_writing(self) -> None:
        """The caller reads again."""
        self._is_paused = False
        self._enter_now()
        if self._drained is not None and not self._drained.done():
            self._drained.set_result(None)

    # What the parser calls.

    def on_message_begin(self) -> None:
        """A request begins."""
        self._head = RequestHead(is_open=True, most_bytes=self._door.limits.head_bytes)

    def on_url(self, url: bytes) -> None:
        """A piece of its address."""
        self._head.add_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """One of its headers."""
        self._head.add_header(name, value)

    def on_headers_complete(self) -> None:
        """The body follows."""
        parser, head = self._parser, self._head
        head.is_open = False
        version = parser.get_http_version()
        scope = head.scope(version, parser.get_method(), self._client, self._server)
        keep_alive = version == "1.1" and parser.should_keep_alive()
        self._reading = Exchange(self, scope, keep_alive=keep_alive, expects=head.expects)
        self._queue.append(self._reading)

    def on_body(self, body: bytes) -> None:
        """A piece of it."""
        reading = self._reading
        # What comes after its answer is nobody's.
        if reading is not None and not reading.is_complete:
            reading.take(body)
            self._door.held(reading, len(body))

    def on_message_complete(self) -> None:
        """The request is whole."""
        if self._reading is not None:
            self._reading.end(self._door.now())
            self._reading = None

    # What an exchange calls.

    @property
    def default_headers(self) -> list[tuple[bytes, bytes]]:
        """Of every answer."""
        return self._door.default_headers

    def write(self, data: bytes) -> None:
        """To the caller."""
        self._transport.write(data)

    def pause_reading(self) -> None:
        """The caller is to wait."""
        if not self._is_closing and self._transport.is_reading():
            self._transport.pause_reading()

    def resume_reading(self) -> None:
        """The caller may go on."""
        if not self._is_closing and not self._transport.is_reading():
            self._transport.resume_reading()

    async def drained(self) -> None:
        """Returns once the caller has taken enough of what was written, or is gone."""
        if self._is_paused:
            self._drained = asyncio.get_running_loop().create_future()
            await self._drained

    def answered(self, exchange: Exchange) -> None:
        """The first of the queue is done with."""
        if not self._queue or self._queue[0] is not exchange:
            return
        self._queue.popleft()
        self._door.done(exchange)
        if exchange.keep_alive:
            self._next()
        else:
            self.close(linger=self._is_cut or not exchange.is_whole)

    # What the door calls.

    def shutdown(self) -> None:
        """The service is about to end: what has begun is answered, nothing else."""
        if self._queue:
            self._end_after_queue()
        else:
            self.close()

    def expire(self, phase: Phase) -> None:
        """The caller has taken too long."""
        match phase:
            case Phase.IDLE:
                self.close()
            case Phase.HEAD if not self._head.is_open:
                self.close()
            case Phase.HEAD | Phase.BODY:
                self._broken(SLOW)
            case _:
                self.abort()

    def abort(self) -> None:
        """Ends the connection at once."""
        self._transport.abort()

    def send_away(self, refusal: Refusal, *, linger: bool = True) -> None:
        """Answers whatever was asked with a refusal, and closes as `close` does."""
        self._door.refused(refusal)
        if not any(exchange.is_started for exchange in self._queue):
            self.write(refusal.written(close=True))
        for exchange in self._queue:
            exchange.lose()
            self._door.done(exchange)
        self._queue.clear()
        self._reading = None
        self.close(linger=linger)

    def close(self, *, linger: bool = False) -> None:
        """Ends the connection once all that was written is sent.

        Args:
            linger: the caller may still be sending; then it is read and thrown away for a while, since closing at once
                would tear what was answered out of the caller's hands.
        """
        if self._is_closing:
            return
        self.enter(Phase.SEND)
        if linger and self._transport.can_write_eof():
            self.resume_reading()
            self._transport.write_eof()
        else:
            self._transport.close()
        self._is_closing = True

    def enter(self, phase: Phase | None) -> None:
        """The connection waits for something else now."""
        if phase is not self.phase:
            self._door.moved(self, phase)
            self.phase = phase

    # Inside.

    def _settle(self, size: int) -> None:
        """After some bytes were parsed: sees how much there is, and has the first request answered."""
        if self._head.is_open:
            self._head.num_bytes += size
            if self._head.is_large:
                self._broken(LARGE_HEAD)
                return
        if self._reading is not None and self._reading.held_bytes > HIGH_WATER_BYTES and self._door.is_full:
            self._broken(CROWDED)
            return
        if len(self._queue) > self._door.limits.pipelined:
            self.abort()
            return
        if len(self._queue) > 1 or (self._queue and self._head.is_open):
            # One at a time: the rest waits outside.
            self.pause_reading()
        self._next()

    def _next(self) -> None:
        self._enter_now()
        if not self._queue:
            self.resume_reading()
        elif self._queue[0].task is None:
            self._door.start(self._queue[0])

    def _enter_now(self) -> None:
        """The phase follows from what there is."""
        if self._is_closing:
            return
        if self._is_paused:
            self.enter(Phase.SEND)
        elif self._queue and self._queue[0].is_whole:
            self.enter(Phase.ANSWER)
        elif self._queue:
            self.enter(Phase.BODY)
        elif self._head.is_open:
            self.enter(Phase.HEAD)
        elif self.phase is not Phase.HEAD:
            # Who has just come owes a request.
            self.enter(Phase.IDLE)

    def _upgrade(self) -> None:
        """The caller would like another protocol; the parser has not read the body, and reads nothing more."""
        last = self._queue[-1]
        if last.scope["method"] not in {"GET", "HEAD"}:
            self._reading = last
            self._broken(UPGRADE)
        else:
            self._end_after_queue()
            self._next()

    def _broken(self, refusal: Refusal) -> None:
        """What comes cannot be read any more; what was whole before is answered."""
        self._is_cut = True
        if self._reading is not None and len(self._queue) > 1:
            self._door.done(self._queue.pop())
            self._reading = None
        if self._reading is not None or not self._queue:
            self.send_away(refusal)
        else:
            self._end_after_queue()
            self._next()

    def _end_after_queue(self) -> None:
        """Nothing is read but what is still to come of the last request."""
        self._is_last = self._reading is None
        self._queue[-1].keep_alive = False


def _address(transport: Any, name: str) -> Address | None:
    told = transport.get_extra_info(name)
    return (told[0], told[1]) if isinstance(told, tuple) else None
