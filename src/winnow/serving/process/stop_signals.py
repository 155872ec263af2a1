"""Signals that tell a process to stop, for one that waits for something else as well."""

import signal
import socket
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass(slots=True)
class StopSignals:
    """SIGTERM and SIGINT, as something to wait for beside other sockets.

    Attributes:
        heard: readable when a signal has come.
        number: of the signal that was taken; None before.
    """

    heard: socket.socket
    number: int | None = field(default=None, init=False)

    @staticmethod
    @contextmanager
    def caught() -> "Generator[StopSignals]":
        """They do nothing else until the end of the block. In the main thread only."""
        heard, written = socket.socketpair()
        heard.setblocking(False)
        written.setblocking(False)
        numbers = (signal.SIGTERM, signal.SIGINT)
        with heard, written:
            before = [(number, signal.signal(number, lambda *_: None)) for number in numbers]
            wakeup = signal.set_wakeup_fd(written.fileno())
            try:
                yield StopSignals(heard)
            finally:
                signal.set_wakeup_fd(wakeup)
                for number, handler in before:
                    signal.signal(number, handler)

    def take(self) -> None:
        """Reads what has come."""
        numbers = [each for each in self.heard.recv(64) if each in {signal.SIGTERM, signal.SIGINT}]
        self.number = numbers[0] if numbers else self.number
