"""The sockets that callers come to."""

import socket
from dataclasses import replace

from winnow.schema.errors import SettingsError
from winnow.serving.settings.settings import Settings

BACKLOG = 2048
"""Most callers that wait to be let in."""


def listening_socket(settings: Settings) -> socket.socket:
    """That of a worker, or of the one process that answers. Raises as `open_socket` does."""
    seat = settings.seat
    return open_socket(settings) if seat is None else shared_socket(replace(settings, port=seat.port))


def open_socket(settings: Settings) -> socket.socket:
    """A socket that listens at an address of its own.

    Raises:
        SettingsError: the address is taken, or is not of this machine.
    """
    address = (settings.host, settings.port)
    try:
        return _prompt(socket.create_server(address, family=_family(settings.host), backlog=BACKLOG))
    except OSError as error:
        raise _unusable(settings, error) from error


def shared_socket(settings: Settings) -> socket.socket:
    """A socket that has yet to listen, at an address that other processes of this user may share.

    Among those that listen the kernel spreads the callers evenly. One socket for all would not: whoever is awake takes
    all callers that come at once, see docs/decisions/several-workers.md.

    Raises:
        SettingsError: the address is taken by somebody who does not share it, or is not of this machine.
    """
    shared = socket.socket(_family(settings.host))
    try:
        for option in (socket.SO_REUSEADDR, socket.SO_REUSEPORT):
            shared.setsockopt(socket.SOL_SOCKET, option, 1)
        shared.bind((settings.host, settings.port))
    except OSError as error:
        shared.close()
        raise _unusable(settings, error) from error
    return _prompt(shared)


def url_of(listening: socket.socket) -> str:
    """The address with the port that was taken."""
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _prompt(listening: socket.socket) -> socket.socket:
    # Connections inherit this. Without it the kernel holds back the end of an answer until the caller has acknowledged
    # its beginning, which takes 40 ms.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def _unusable(settings: Settings, error: OSError) -> SettingsError:
    return SettingsError(
        f"Cannot listen on {settings.host}, port {settings.port}: {error.strerror or error}. "
        "Choose another with --host and --port; a service reads WINNOW_HOST and WINNOW_PORT too."
    )
