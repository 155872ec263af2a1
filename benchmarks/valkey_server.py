"""A real Valkey or Redis server, for tests and benchmarks."""

import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PROGRAMS = ("valkey-server", "redis-server")
START_S = 20.0
LOG_NAME = "server.log"


class ValkeyServer:
    """A server on a free port of the loopback, which may be killed, hung and started again; its data stay in a folder.

    Args:
        program: path of the server.
        folder: exists; the server writes here.
        options: of its configuration, such as appendonly="yes"; an underscore stands for a hyphen.
    """

    def __init__(self, program: str, folder: Path, **options: str) -> None:
        self._log = folder / LOG_NAME
        (self.port,) = free_ports(1)
        settings = {"bind": "127.0.0.1", "port": str(self.port), "dir": str(folder), "save": "", **options}
        self._command = [program]
        for name, value in settings.items():
            self._command += [f"--{name.replace('_', '-')}", value]
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """As clients take it."""
        return f"valkey://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Returns when the server answers.

        Raises:
            ChildProcessError: it ends, or does not answer in time; the message is what it logged.
        """
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(self._command, stdout=log, stderr=log)
        end = time.monotonic() + START_S
        while not self.answers():
            if self._process.poll() is not None or time.monotonic() > end:
                raise ChildProcessError(f"No server answers on port {self.port}: {self._log.read_text()}")
            time.sleep(0.02)

    def answers(self) -> bool:
        """Whether it takes commands, or would from one who knows the password."""
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
        """Ends it in an orderly way, if it runs."""
        if self._process is not None:
            self.resume()
            self._end(signal.SIGTERM)

    def pause(self) -> None:
        """It keeps its connections, takes new ones, and answers none."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        """It goes on after a pause."""
        self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(number)

    def _end(self, number: signal.Signals) -> None:
        self._signal(number)
        if self._process is not None:
            self._process.wait(timeout=START_S)
            self._process = None


@contextmanager
def running(server: ValkeyServer) -> Iterator[ValkeyServer]:
    """The server, which answers until the end of the block."""
    try:
        server.start()
        yield server
    finally:
        server.stop()


def found_program() -> str | None:
    """The path of a server, if one is installed."""
    return next(filter(None, map(shutil.which, PROGRAMS)), None)


def free_ports(number: int) -> list[int]:
    """Ports of the loopback that nobody listens on."""
    probes = [socket.create_server(("127.0.0.1", 0)) for _ in range(number)]
    ports = [each.getsockname()[1] for each in probes]
    for each in probes:
        each.close()
    return ports
