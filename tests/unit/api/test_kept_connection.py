import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from winnow.api.kept_connection import KeptConnection
from winnow.schema.errors import RequestError


@contextmanager
def answering(*pieces: bytes) -> Iterator[KeptConnection]:
    """A connection to somebody who answers a request with these bytes, and closes."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def answer() -> None:
            caller, _ = listening.accept()
            with caller:
                caller.recv(65_536)
                for piece in pieces:
                    caller.sendall(piece)
                caller.shutdown(socket.SHUT_WR)
                caller.recv(65_536)

        thread = threading.Thread(target=answer)
        thread.start()
        connection = KeptConnection(f"http://127.0.0.1:{listening.getsockname()[1]}", {}, timeout_s=10)
        yield connection
        connection.close()
        thread.join(timeout=10)


@pytest.mark.parametrize(
    ("pieces", "stays"),
    [
        ((b"HTTP/1.1 200 OK\r\ncontent-", b"length: 4\r\n\r\nbo", b"dy"), True),
        ((b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nbod\r\n", b"1\r\ny\r\n0\r\n\r\n"), True),
        ((b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\nconnection: close\r\n\r\nbody",), False),
        ((b"HTTP/1.0 200 OK\r\n\r\nbo", b"dy"), False),
    ],
)
def test_an_answer_is_read_to_its_end_however_that_is_told(pieces, stays):
    with answering(*pieces) as connection:
        assert connection.exchange("GET", "/", None) == (200, b"body")
        assert connection.is_open == stays


@pytest.mark.parametrize("piece", [b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nbo"])
def test_half_an_answer_is_none(piece):
    with answering(piece) as connection, pytest.raises(ConnectionResetError):
        connection.exchange("GET", "/", None)


def test_who_does_not_speak_http_is_a_fault():
    with answering(b"220 mail here\r\n") as connection, pytest.raises(OSError, match="does not speak HTTP"):
        connection.exchange("GET", "/", None)


def test_a_header_that_would_be_two_is_refused():
    with pytest.raises(RequestError, match="'Authorization' holds what cannot be sent"):
        KeptConnection("http://127.0.0.1", {"Authorization": "Bearer a\r\nX-Other: b"}, timeout_s=1)
