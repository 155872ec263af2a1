"""The service as a process."""

import gc
import logging
import socket
from collections.abc import Callable
from contextlib import suppress

import uvicorn
from fastapi import FastAPI

from winnow.engine.engine import Engine
from winnow.schema.errors import SettingsError
from winnow.serving.app import create_app
from winnow.serving.bundle_shelf import BundleShelf
from winnow.serving.settings import Settings

DRAIN_S = 10
"""How long a service that is told to stop waits for the requests in flight."""


def serve(
    engine: Engine, settings: Settings, announce: Callable[[str], None], shelf: BundleShelf | None = None
) -> None:
    """Answers until SIGINT or SIGTERM; requests in flight are finished first.

    Args:
        engine: answers.
        settings: where to listen, and to whom.
        announce: told the address, with the port that was taken, once callers are let in.
        shelf: where further bundles come from; None where there are none.

    Raises:
        SettingsError: the address is taken, or is not of this machine; or the state folder cannot be used.
        DataError: the changes in the state folder are damaged, or do not fit the bundle.
        EncoderError: the vectors in the state folder are damaged.
    """
    logging.basicConfig(level=settings.log_level.upper(), format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    with open_socket(settings) as listening:
        server = server_of(create_app(engine, settings, shelf))
        announce(_url(listening))
        # The catalogue and the models live as long as the process: walking through them would cost 100 ms now and then.
        gc.collect()
        gc.freeze()
        with suppress(KeyboardInterrupt):
            server.run(sockets=[listening])


def _url(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def server_of(app: FastAPI) -> uvicorn.Server:
    """A server that waits to be run: no access log, no trust in forwarding headers, logs through the root logger."""
    config = uvicorn.Config(
        app,
        # Else the server would be another one where some extra happens to bring uvloop or httptools.
        loop="asyncio",
        http="h11",
        access_log=False,
        log_config=None,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=DRAIN_S,
    )
    return uvicorn.Server(config)


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
