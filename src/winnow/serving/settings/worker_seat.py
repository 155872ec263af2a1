"""The place of one worker among several."""

import os
import signal
import socket
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

import orjson


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerSeat:
    """What a supervisor hands to a worker.

    Attributes:
        name: of the worker; the one that takes its place when it dies has the same.
        port: that all workers listen on.
        lifeline: file descriptor of a socket to the supervisor, open as long as both live.
        metrics: folder in which all workers keep their meters.
    """

    name: str
    port: int
    lifeline: int
    metrics: Path

    @staticmethod
    def read(written: str) -> "WorkerSeat":
        """What `written` wrote."""
        name, port, lifeline, metrics = orjson.loads(written)
        return WorkerSeat(name=name, port=port, lifeline=lifeline, metrics=Path(metrics))

    def written(self) -> str:
        """As a line of text."""
        return orjson.dumps([self.name, self.port, self.lifeline, str(self.metrics)]).decode()

    def take(self, sentence: str) -> None:
        """Tells the supervisor, in a sentence, that the worker is ready; when the supervisor dies, it stops."""
        lifeline = socket.socket(fileno=self.lifeline)
        lifeline.sendall(sentence.encode() + b"\n")
        Thread(target=_stop_at_the_end, args=(lifeline,), name="lifeline", daemon=True).start()


def _stop_at_the_end(lifeline: socket.socket) -> None:
    while lifeline.recv(1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
