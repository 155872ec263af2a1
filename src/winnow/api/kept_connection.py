"""One connection to a service, opened when it is needed and kept."""

import socket
import ssl
from typing import Any
from urllib.parse import urlsplit

import httptools

from winnow.schema.errors import RequestError

PORTS = {"http": 80, "https": 443}
PIECE_BYTES = 1 << 16


class KeptConnection:
    """Sends requests of HTTP/1.1 one by one. The parser of httptools takes a tenth of the time of the standard one.

    Args:
        url: of the service; only scheme, host and port are used.
        headers: of every request.
        timeout_s: how long one read or write may take.

    Raises:
        RequestError: the address is not one of HTTP, or a header cannot be sent.
    """

    def __init__(self, url: str, headers: dict[str, str], timeout_s: float) -> None:
        self._scheme, self._host, self._port = _place(url)
        self._timeout_s = timeout_s
        self._socket: socket.socket | None = None
        name = f"[{self._host}]" if ":" in self._host else self._host
        own = {"Host": name if self._port == PORTS[self._scheme] else f"{name}:{self._port}", **headers}
        if wrong := [name for name, value in own.items() if not (value.isascii() and value.isprintable())]:
            raise RequestError(f"The header '{wrong[0]}' holds what cannot be sent; it takes printable ASCII.")
        self._headers = "".join(f"{name}: {value}\r\n" for name, value in own.items())

    @property
    def is_open(self) -> bool:
        """Whether a connection is kept; the service may have closed it meanwhile."""
        return self._socket is not None

    def exchange(self, method: str, path: str, payload: bytes | None) -> tuple[int, bytes]:
        """Status and body of the answer.

        Raises:
            ConnectionResetError, BrokenPipeError: the service has closed the connection.
            OSError: nobody answers, or not in HTTP.
        """
        size = "" if payload is None and method == "GET" else f"Content-Length: {len(payload or b'')}\r\n"
        head = f"{method} {path} HTTP/1.1\r\n{self._headers}{size}\r\n"
        if self._socket is None:
            self._socket = self._opened()
        self._socket.sendall(head.encode("ascii") + (payload or b""))
        answer = _Answer()
        while not answer.is_whole:
            answer.take(self._socket.recv(PIECE_BYTES))
        if not answer.keeps_alive:
            self.close()
        return answer.status, b"".join(answer.body)

    def close(self) -> None:
        """Lets the connection go; the next request opens another."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _opened(self) -> socket.socket:
        plain = socket.create_connection((self._host, self._port), timeout=self._timeout_s)
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self._scheme == "http":
            return plain
        return ssl.create_default_context().wrap_socket(plain, server_hostname=self._host)


class _Answer:
    """Called by the parser of one answer."""

    def __init__(self) -> None:
        self.body: list[bytes] = []
        self.is_whole = False
        self._has_size = self._has_head = False
        self._parser: Any = httptools.HttpResponseParser(self)

    def take(self, data: bytes) -> None:
        """Bytes that came; none when the service has closed the connection."""
        if not data:
            self._end()
            return
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError as error:
            raise OSError(f"it does not speak HTTP ({error})") from error

    def on_header(self, name: bytes, _: bytes) -> None:
        """What says where the body ends matters."""
        self._has_size = self._has_size or name.lower() in {b"content-length", b"transfer-encoding"}

    def on_headers_complete(self) -> None:
        """The body follows."""
        self._has_head = True
        self.status: int = self._parser.get_status_code()
        self.keeps_alive: bool = self._parser.should_keep_alive()

    def on_body(self, data: bytes) -> None:
        """A piece of it."""
        self.body.append(data)

    def on_message_complete(self) -> None:
        """The end."""
        self.is_whole = True

    def _end(self) -> None:
        if not self._has_head or self._has_size:
            raise ConnectionResetError("it closed the connection before its answer was whole")
        self.is_whole, self.keeps_alive = True, False


def _place(url: str) -> tuple[str, str, int]:
    """Scheme, host and port."""
    wrong = RequestError(f"'{url}' is not the address of a service; write it like http://127.0.0.1:8080.")
    try:
        parts = urlsplit(url)
        scheme, host, port = parts.scheme, parts.hostname, parts.port
    except ValueError as error:
        raise wrong from error
    if scheme not in PORTS or not host:
        raise wrong
    return scheme, host, port or PORTS[scheme]
