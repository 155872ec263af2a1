"""A real Valkey or Redis server for tests, which may be killed, hung and started again."""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

PROGRAMS = ("valkey-server", "redis-server")
START_S = 20.0
PATIENT_S = 10.0
"""Timeout of clients that test something else than timeouts: several people share a machine."""


class ValkeyServer:
    """A server on a free port of the loopback; its data stay in the folder when it is started again.

    Args:
        program: path of the server.
        folder: exists; the server writes here.
        options: of its configuration, such as appendonly="yes"; an underscore stands for a hyphen.
    """

    def __init__(self, program: str, folder: Path, **options: str) -> None:
        self._folder = folder
        self.port, self.tls_port = free_ports(2)
        settings = {"bind": "127.0.0.1", "port": str(self.port), "dir": str(folder), "save": "", **options}
        self._command = [program]
        for name, value in settings.items():
            self._command += [f"--{name.replace('_', '-')}", value]
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"valkey://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        with (self._folder / "server.log").open("ab") as log:
            self._process = subprocess.Popen(self._command, stdout=log, stderr=log)
        end = time.monotonic() + START_S
        while not self.answers():
            if self._process.poll() is not None or time.monotonic() > end:
                raise ChildProcessError(f"No server on port {self.port}: {(self._folder / 'server.log').read_text()}")
            time.sleep(0.02)

    def answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1.0) as connection:
                connection.sendall(b"PING\r\n")
                return connection.recv(16).startswith((b"+PONG", b"-NOAUTH"))
        except OSError:
            return False

    def kill(self) -> None:
        """As a crash does it: nothing is saved."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        if self._process is not None:
            self.resume()
            self._end(signal.SIGTERM)

    def pause(self) -> None:
        """It keeps its connections, takes new ones, and answers none."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(number)

    def _end(self, number: signal.Signals) -> None:
        self._signal(number)
        assert self._process is not None
        self._process.wait(timeout=START_S)
        self._process = None


def free_ports(number: int) -> list[int]:
    """Ports of the loopback that nobody listens on."""
    probes = [socket.create_server(("127.0.0.1", 0)) for _ in range(number)]
    ports = [each.getsockname()[1] for each in probes]
    for each in probes:
        each.close()
    return ports


def found_program() -> str | None:
    """The path of a server, if one is installed."""
    return next(filter(None, map(shutil.which, PROGRAMS)), None)


def needed_program() -> str:
    """The path of a server; without one the test is skipped, but fails where CI runs."""
    found = found_program()
    if found is None:
        reason = f"Needs a real server: neither {' nor '.join(PROGRAMS)} is on the PATH; `make server` installs one."
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return found


@contextmanager
def valkey_server(folder: Path, **options: str) -> Iterator[ValkeyServer]:
    """A server that answers, until the end of the block."""
    server = ValkeyServer(needed_program(), folder, **options)
    try:
        server.start()
        yield server
    finally:
        server.stop()
