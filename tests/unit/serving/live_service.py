"""The service on a free port, over real sockets."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from fastapi import FastAPI

from winnow.engine.engine import Engine
from winnow.serving.app import create_app
from winnow.serving.door.server_of import server_of
from winnow.serving.process.listening import open_socket
from winnow.serving.settings.settings import Settings


@contextmanager
def live_service(engine: Engine, settings: Settings) -> Iterator[tuple[str, int]]:
    """Yields the address; the server has stopped when the block is left.

    What is in demand reaches no source by itself: lists must not change in the middle of a test. Nor is anything left
    out for want of time.
    """
    settings = replace(settings, demand_s=0, budget_ms=0)
    with live_app(create_app(engine, settings), settings) as address:
        yield address


@contextmanager
def live_app(app: FastAPI, settings: Settings) -> Iterator[tuple[str, int]]:
    """Likewise, of an application that the test has made."""
    with open_socket(settings) as listening:
        server = server_of(app)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            wait_for(lambda: server.started)
            yield listening.getsockname()[:2]
        finally:
            server.should_exit = True
            thread.join(timeout=20)


def wait_for(condition, limit_s: float = 10.0) -> None:
    deadline = time.monotonic() + limit_s
    while not condition():
        assert time.monotonic() < deadline, "the service did not start"
        time.sleep(0.01)


def raw_answer(address: tuple[str, int], request: bytes) -> bytes:
    """All bytes that come back for the bytes sent; the caller asks for `Connection: close`."""
    with socket.create_connection(address, timeout=10) as connection:
        connection.sendall(request)
        chunks = iter(lambda: connection.recv(65_536), b"")
        return b"".join(chunks)
