"""A service of our own, to be measured."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from winnow.api.client import Client
from winnow.schema.errors import Unavailable

START_S = 60.0
END_S = 30.0
HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceProcess:
    """A service that answers.

    Attributes:
        url: of the service, on the loopback.
        pid: of the process that was started.
        start_s: from the start of the process until it was ready.
    """

    url: str
    pid: int
    start_s: float


@contextmanager
def service_process(bundle: Path, key: str = "", **settings: str) -> Iterator[ServiceProcess]:
    """A service in a process of its own, from when it is ready to the end of the block.

    Args:
        bundle: that it answers from.
        key: of its API; empty for none.
        settings: its environment besides that of this process, such as WINNOW_VALKEY_URL;
            without WINNOW_PORT it takes a free port.

    Raises:
        Unavailable: it ends before it is ready, or is not ready within a minute.
    """
    port = int(settings.get("WINNOW_PORT", 0)) or free_port()
    own = {"WINNOW_HOST": HOST, "WINNOW_API_KEYS": key, "WINNOW_LOG_LEVEL": "warning"}
    command = [sys.executable, "-m", "winnow.cli.main", "serve", str(bundle), "--port", str(port)]
    begin = time.monotonic()
    environ = {**os.environ, **own, **settings}
    process = subprocess.Popen(command, env=environ, stdout=subprocess.DEVNULL)  # noqa: S603 - our own program
    client = Client(f"http://{HOST}:{port}", key)
    try:
        wait_until_ready(client, process)
        yield ServiceProcess(url=f"http://{HOST}:{port}", pid=process.pid, start_s=time.monotonic() - begin)
    finally:
        client.close()
        process.terminate()
        process.wait(timeout=END_S)


def wait_until_ready(client: Client, process: subprocess.Popen[bytes]) -> None:
    """Ask until the service says that it is ready.

    Raises:
        Unavailable: it ends before, or is not ready within a minute.
    """
    end = time.monotonic() + START_S
    while True:
        if process.poll() is not None:
            raise Unavailable(f"The service ended with code {process.returncode} before it was ready.")
        try:
            client.ready()
        except Unavailable:
            if time.monotonic() > end:
                raise
            time.sleep(0.02)
        else:
            return


def free_port() -> int:
    """A port of the loopback that nobody listens on."""
    with socket.create_server((HOST, 0)) as probe:
        return probe.getsockname()[1]
