"""A service in processes of its own: one, or several workers that share a real server."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.valkey_server import PATIENT_S
from winnow.api.client import Client

KEY = "a-key-of-the-tests"
START_S = 90.0
"""Longest wait for workers: a busy machine takes ten times as long as a quiet one."""


@dataclass(frozen=True)
class ServedWorkers:
    """A service that runs.

    Attributes:
        process: that was started; with several workers it answers nobody.
        url: of the service.
        number: of workers.
    """

    process: subprocess.Popen[str]
    url: str
    number: int

    @contextmanager
    def clients(self) -> Iterator[list[Client]]:
        """One for each worker, ordered by name: connections are made until all have answered."""
        until = time.monotonic() + START_S
        with ExitStack() as stack:
            found: dict[str, Client] = {}
            while len(found) < self.number:
                assert time.monotonic() < until, f"only {list(found)} answer"
                client = Client(self.url, KEY)
                stack.callback(client.close)
                found.setdefault(client.ready()["worker"], client)
            yield [found[name] for name in sorted(found)]

    def children(self) -> list[int]:
        """Process ids of the workers."""
        told = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return [int(each) for each in told]


class EveryWorker:
    """Passes each call to the next worker, as a client whose connections come and go does."""

    def __init__(self, clients: list[Client]) -> None:
        self._clients = clients

    def __getattr__(self, name: str) -> Callable[..., Any]:
        self._clients.append(self._clients.pop(0))
        return getattr(self._clients[0], name)


@contextmanager
def served(bundle: Path, workers: int = 1, port: int = 0, **environment: str) -> Iterator[ServedWorkers]:
    """`winnow serve`, from when it lets callers in to the end of the block."""
    command = [sys.executable, "-m", "winnow.cli.main", "serve", str(bundle), "--port", str(port)]
    command += ["--workers", str(workers)]
    told = {**os.environ, "WINNOW_API_KEYS": KEY, "WINNOW_DEMAND_S": "0", "COLUMNS": "200", **environment}
    with subprocess.Popen(command, env=told, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield ServedWorkers(process, address(process), workers)
        finally:
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=30)


def address(process: subprocess.Popen[str]) -> str:
    """As the service prints it."""
    assert process.stdout is not None
    for line in process.stdout:
        if "http://" in line:
            return "http://" + line.split("http://")[1].split()[0].strip(",")
    raise AssertionError("the service did not start")


def wait_for(condition: Callable[[], bool], limit_s: float = PATIENT_S) -> None:
    """Fails after a time that a busy machine does not need."""
    until = time.monotonic() + limit_s
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.01)
