"""The service as a process."""

import gc
import logging
import socket
from collections.abc import Callable
from contextlib import suppress

from winnow.engine.engine import Engine
from winnow.schema.errors import SettingsError
from winnow.serving.app import create_app
from winnow.serving.door.server_of import server_of
from winnow.serving.settings import Settings


def serve(engine: Engine, settings: Settings, announce: Callable[[str], None]) -> None:
    """Answers until SIGINT or SIGTERM; requests in flight are finished first.

    Args:
        engine: answers.
        settings: where to listen, and to whom.
        announce: told the address, with the port that was taken, once callers are let in.

    Raises:
        SettingsError: the address is taken, or is not of this machine; or the state folder cannot be used.
        DataError: the changes in the state folder are damaged, or do not fit the bundle.
        EncoderError: the vectors in the state folder are damaged.
    """
    logging.basicConfig(level=settings.log_level.upper(), format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    with open_socket(settings) as listening:
        server = server_of(create_app(engine, settings))
        announce(_url(listening))
        # The catalogue and the models live as long as the process: walking through them would cost 100 ms now and then.
        gc.collect()
        gc.freeze()
        with suppress(KeyboardInterrupt):
            server.run(sockets=[listening])


def _url(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def open_socket(settings: Settings) -> socket.socket:
    """A listening socket.

    Raises:
        SettingsError: the address is taken, or is not of this machine.
    """
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        listening = socket.create_server((settings.host, settings.port), family=family, backlog=2048)
    except OSError as error:
        raise SettingsError(
            f"Cannot listen on {settings.host}, port {settings.port}: {error.strerror or error}. "
            "Choose another with WINNOW_HOST and WINNOW_PORT."
        ) from error
    # Connections inherit this. Without it the kernel holds back the end of an answer until the caller has acknowledged
    # its beginning, which takes 40 ms.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening
