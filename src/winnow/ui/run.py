"""A process that serves the pages."""

import socket
import sys
from threading import Thread

import uvicorn

from winnow.ui.settings import Settings
from winnow.ui.site_app import site_app


def run(settings: Settings, listening: socket.socket, *, until_input_ends: bool = False) -> None:
    """Serves the pages until the process is told to stop.

    Args:
        settings: of the pages.
        listening: where callers come.
        until_input_ends: also stop when the standard input ends, as it does when whoever started the process is gone.
    """
    config = uvicorn.Config(
        site_app(settings), log_level="warning", ws="websockets-sansio", timeout_graceful_shutdown=2
    )
    server = uvicorn.Server(config)
    if until_input_ends:
        Thread(target=_stop_with_input, args=(server,), daemon=True).start()
    server.run(sockets=[listening])


def _stop_with_input(server: uvicorn.Server) -> None:
    sys.stdin.buffer.read()
    server.should_exit = True
