"""What may become of a server of shared state, each until the end of a block."""

import socket
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from threading import Event, Thread

from benchmarks.valkey_server import ValkeyServer
from winnow.stores.valkey_client import ValkeyClient

PATIENT_S = 10.0
SLOW_S, STALLED_S = 0.04, 0.2
"""Just within the time that a read waits, and far beyond it."""


@contextmanager
def killed(server: ValkeyServer) -> Iterator[None]:
    """It is gone, and then started anew."""
    server.kill()
    yield
    server.start()


@contextmanager
def hung(server: ValkeyServer) -> Iterator[None]:
    """It takes connections and answers none."""
    server.pause()
    yield
    server.resume()


@contextmanager
def unreachable(server: ValkeyServer) -> Iterator[None]:
    """Nobody says that it is gone: what is sent to it is lost on the way, as with a machine without power."""
    server.kill()
    with ExitStack() as held:
        listening = held.enter_context(socket.create_server(("127.0.0.1", server.port), backlog=0))
        for _ in range(3):  # a queue that is full takes nobody any more, and says nothing
            waiting = held.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(listening.getsockname())
        yield
    server.start()


@contextmanager
def full(server: ValkeyServer) -> Iterator[None]:
    """It takes nothing any more."""
    client = _client(server)
    client.send([("CONFIG", "SET", "maxmemory", "1")])
    yield
    client.send([("CONFIG", "SET", "maxmemory", "0")])
    client.close()


def _sleeping(answer_s: float) -> Callable[[ValkeyServer], AbstractContextManager[None]]:
    @contextmanager
    def slow(server: ValkeyServer) -> Iterator[None]:
        client, begun, ended = _client(server), Event(), Event()

        def sleep() -> None:
            while not ended.is_set():
                client.send([("DEBUG", "SLEEP", str(answer_s))])
                begun.set()

        sleeper = Thread(target=sleep)
        sleeper.start()
        begun.wait()
        yield
        ended.set()
        sleeper.join()
        client.close()

    return slow


def _client(server: ValkeyServer) -> ValkeyClient:
    return ValkeyClient(server.url, connect_timeout_s=PATIENT_S, read_timeout_s=PATIENT_S)


FAULTS: dict[str, tuple[Callable[[ValkeyServer], AbstractContextManager[None]], str]] = {
    "none": (lambda _: nullcontext(), "well"),
    "killed": (killed, "killed"),
    "hung": (hung, "stopped by SIGSTOP"),
    "unreachable": (unreachable, "gone without a word, so that connections are never answered"),
    "slow": (_sleeping(SLOW_S), f"asleep for {1e3 * SLOW_S:.0f} ms at a time"),
    "stalled": (_sleeping(STALLED_S), f"asleep for {1e3 * STALLED_S:.0f} ms at a time"),
    "full": (full, "out of memory"),
}
"""How each is made, and what is said of the server meanwhile."""
