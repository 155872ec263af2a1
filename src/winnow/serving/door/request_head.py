"""What stands before the body of a request."""

from typing import Any
from urllib.parse import unquote

import httptools

Address = tuple[str, int]
BETWEEN = len(b": \r\n")
"""Bytes of a header besides its name and its value."""


class RequestHead:
    """Gathers the request line and the headers.

    Args:
        is_open: whether more is to come.
        most_bytes: that it may have.

    Attributes:
        is_open: whether more is to come.
        num_bytes: so far, counted by whoever receives them, who counts none of what it ends with.
        expects: whether the caller waits to be told to send the body.
    """

    __slots__ = ("_headers", "_most", "_told", "_url", "expects", "is_open", "num_bytes")

    def __init__(self, *, is_open: bool, most_bytes: int = 0) -> None:
        self.is_open, self.num_bytes, self.expects = is_open, 0, False
        self._most, self._told = most_bytes, 0
        self._url, self._headers = b"", list[tuple[bytes, bytes]]()

    @property
    def is_large(self) -> bool:
        """Whether it has more bytes than it may, be they received or understood."""
        return max(self.num_bytes, self._told) > self._most

    def add_url(self, url: bytes) -> None:
        """A piece of the address."""
        self._url += url
        self._told += len(url)

    def add_header(self, name: bytes, value: bytes) -> None:
        """A header; behind a body in pieces there may be more, which nobody needs."""
        if self.is_open:
            name = name.lower()
            self.expects = self.expects or (name == b"expect" and value.lower() == b"100-continue")
            self._headers.append((name, value))
            self._told += len(name) + len(value) + BETWEEN

    def scope(self, version: str, method: bytes, client: Address | None, server: Address | None) -> dict[str, Any]:
        """As ASGI wants it.

        Raises:
            HttpParserError: the head is too large, or the address is none.
            UnicodeDecodeError: it is not ASCII.
        """
        if self.is_large:
            raise httptools.HttpParserError
        address = httptools.parse_url(self._url)
        written = address.path or b"/"
        path = written.decode("ascii")
        return {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": version,
            "method": method.decode("ascii"),
            "scheme": "http",
            "path": unquote(path) if "%" in path else path,
            "raw_path": written,
            "query_string": address.query or b"",
            "root_path": "",
            "headers": self._headers,
            "server": server,
            "client": client,
            "state": {},
        }
