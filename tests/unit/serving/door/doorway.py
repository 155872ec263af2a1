"""A small application behind a door, over real sockets."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from uvicorn import Server

from tests.unit.serving.live_service import wait_for
from winnow.serving.door.limits import Limits
from winnow.serving.door.server_of import server_of
from winnow.serving.process.listening import open_socket
from winnow.serving.settings.settings import Settings


@dataclass
class Doorway:
    """Takes note of what is refused, and holds requests to /v1/wait until `release` is called."""

    reasons: list[str] = field(default_factory=list)
    begun: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    server: Server | None = None
    address: tuple[str, int] = ("", 0)
    _held: list[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = field(default_factory=list)

    def refused(self, reason: str) -> None:
        self.reasons.append(reason)

    def app(self) -> FastAPI:
        app = FastAPI()
        app.state.metrics = self
        for path, answer in (
            ("/v1/echo", self._echo), ("/v1/wait", self._wait), ("/v1/large", self._large), ("/healthz", self._echo),
            ("/v1/early", self._early), ("/v1/parts", self._parts),
        ):  # fmt: skip
            app.add_route(path, answer, methods=["GET", "POST"])
        return app

    def release(self) -> None:
        for loop, event in self._held:
            loop.call_soon_threadsafe(event.set)

    def connect(self) -> socket.socket:
        return socket.create_connection(self.address, timeout=10)

    def ask(self, request: bytes) -> bytes:
        with self.connect() as caller:
            caller.sendall(request)
            return rest(caller)

    @property
    def num_connections(self) -> int:
        return len(self.server.server_state.connections)

    async def _echo(self, request: Request) -> Response:
        return Response(await request.body() + request.url.query.encode())

    async def _wait(self, request: Request) -> Response:
        event = asyncio.Event()
        self._held.append((asyncio.get_running_loop(), event))
        self.begun.release()
        await event.wait()
        return Response(b"waited")

    async def _large(self, request: Request) -> Response:
        return Response(b"x" * (64 << 20))

    async def _early(self, request: Request) -> Response:
        return Response(b"no need to go on", status_code=401)

    async def _parts(self, request: Request) -> Response:
        async def parts():
            for part in (b"one", b"", b"three"):
                yield part

        return StreamingResponse(parts())


@contextmanager
def doorway(**limits) -> Iterator[Doorway]:
    """Serves until the end of the block."""
    place = Doorway()
    with open_socket(Settings(port=0)) as listening:
        place.server = server_of(place.app(), Limits(**limits))
        place.address = listening.getsockname()[:2]
        thread = threading.Thread(target=place.server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            wait_for(lambda: place.server.started)
            yield place
        finally:
            place.release()
            place.server.should_exit = True
            thread.join(timeout=20)
            assert not thread.is_alive()


def rest(caller: socket.socket) -> bytes:
    """All that comes until the service ends the connection."""
    return b"".join(iter(lambda: caller.recv(65_536), b""))


def get(path: str, *headers: str, method: str = "GET", version: str = "1.1") -> bytes:
    return "\r\n".join([f"{method} {path} HTTP/{version}", "Host: here", *headers, "", ""]).encode()


def post(path: str, body: bytes, *headers: str) -> bytes:
    return get(path, f"Content-Length: {len(body)}", *headers, method="POST") + body


LAST = "Connection: close"
