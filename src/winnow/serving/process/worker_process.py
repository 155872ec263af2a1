"""One of several processes that answer, as its supervisor sees it."""

import socket
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from prometheus_client.multiprocess import mark_process_dead

from winnow.serving.settings.worker_seat import WorkerSeat

Environment = Callable[[WorkerSeat], Mapping[str, str]]
ENDED_S = 5.0
"""Between the end of a process's sockets and its own there is no time worth speaking of."""


@dataclass(slots=True, kw_only=True)
class WorkerProcess:
    """A process of our own program, never a copy of this one: models and threads do not live through a fork.

    Attributes:
        process: that runs.
        metrics: folder of the meters of all workers.
        lifeline: it says when it is ready, and ends when the process does, however that ends.
        sentence: what it said when it was ready; empty before.
    """

    process: "subprocess.Popen[bytes]"
    metrics: Path
    lifeline: socket.socket
    sentence: str = field(default="", init=False)
    _heard: bytes = field(default=b"", init=False)

    @staticmethod
    def start(command: Sequence[str], name: str, port: int, metrics: Path, environment: Environment) -> "WorkerProcess":
        """Starts one.

        Args:
            command: of a worker.
            name: of its seat.
            port: that all workers listen on.
            metrics: folder of the meters of all workers.
            environment: of the process at a seat.
        """
        ours, its = socket.socketpair()
        with its:
            seat = WorkerSeat(name=name, port=port, lifeline=its.fileno(), metrics=metrics)
            process = subprocess.Popen(  # noqa: S603 - our own program
                command,
                env=environment(seat),
                pass_fds=(seat.lifeline,),
                # Ctrl-C is for the supervisor, which tells its workers to stop.
                process_group=0,
            )
        return WorkerProcess(process=process, metrics=metrics, lifeline=ours)

    @property
    def is_ready(self) -> bool:
        """Whether it lets callers in."""
        return bool(self.sentence)

    def hear(self) -> int | None:
        """Takes what it says; its exit code where it has ended, else None."""
        try:
            said = self.lifeline.recv(4096)
        except ConnectionResetError:
            said = b""
        if not said:
            return self.end(ENDED_S)
        self._heard += said
        if self._heard.endswith(b"\n"):
            self.sentence = self._heard.decode().strip()
        return None

    def stop(self) -> None:
        """Tells it to finish the requests in flight, and to end."""
        self.process.terminate()

    def end(self, wait_s: float) -> int:
        """Its exit code; it is killed where it has not ended after some seconds."""
        try:
            code = self.process.wait(wait_s)
        except subprocess.TimeoutExpired:
            self.process.kill()
            code = self.process.wait()
        self.lifeline.close()
        mark_process_dead(self.process.pid, str(self.metrics))
        return code
