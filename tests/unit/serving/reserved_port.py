"""A port for a server that shares its port with others."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def reserved_port() -> Iterator[int]:
    """Yields a port of 127.0.0.1 that nobody else is given while the block runs."""
    with socket.socket() as holder:
        # It never listens, so every connection goes to the server.
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        holder.bind(("127.0.0.1", 0))
        yield holder.getsockname()[1]
