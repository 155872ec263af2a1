import socket
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from itertools import count, islice
from threading import Event, Thread

import pytest
from valkey.connection import Connection, SSLConnection, UnixDomainSocketConnection
from valkey.exceptions import NoPermissionError, OutOfMemoryError, ReadOnlyError, ResponseError

from tests.unit.serving.live_service import wait_for
from winnow.schema.errors import Unavailable
from winnow.stores.valkey_client import MissedError, ValkeyClient


class Clock:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


def nobody_listens() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


@pytest.mark.parametrize(
    ("url", "connection", "address"),
    [
        ("valkey://host:7000/1", Connection, "host:7000"),
        ("redis://host", Connection, "host:6379"),
        ("valkeys://me:secret@host:7000", SSLConnection, "host:7000"),
        ("rediss://me:secret@host:7000/2", SSLConnection, "host:7000"),
        ("unix:///run/valkey.sock?db=1", UnixDomainSocketConnection, "/run/valkey.sock"),
    ],
)
def test_a_url_says_how_to_connect_and_the_address_keeps_the_password_to_itself(url, connection, address):
    client = ValkeyClient(url)
    assert client._server.connection_pool.connection_class is connection
    assert client.address == address


def test_timeouts_are_short_unless_someone_says_otherwise():
    assert ValkeyClient("valkey://host")._server.connection_pool.connection_kwargs["socket_timeout"] == 0.05
    patient = ValkeyClient("valkey://host?socket_timeout=2", read_timeout_s=1.0)
    assert patient._server.connection_pool.connection_kwargs["socket_timeout"] == 2.0


def test_who_does_not_answer_is_left_alone_for_a_while_and_then_tried_again():
    clock = Clock()
    port = nobody_listens()
    client = ValkeyClient(f"valkey://me:secret@127.0.0.1:{port}", clock=clock)
    ask = [("PING",)]
    with pytest.raises(Unavailable, match=f"127.0.0.1:{port} does not answer") as raised:
        client.send(ask)
    assert "secret" not in "".join(traceback.format_exception(raised.value))
    with pytest.raises(Unavailable, match=r"did not answer; nobody tries it for 0\.25 s"):
        client.send(ask)
    clock.now += 0.25
    with pytest.raises(Unavailable, match="does not answer"):
        client.send(ask)


REFUSALS = [
    OutOfMemoryError("command not allowed when used memory > 'maxmemory'."),
    ReadOnlyError("You can't write against a read only replica."),
    NoPermissionError("this user has no permissions to run the 'evalsha' command"),
    ResponseError("MISCONF Errors writing to the AOF file: No space left on device"),
    ResponseError("BUSY Valkey is busy running a script."),
    ResponseError("CLUSTERDOWN Hash slot not served"),
]


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda refusal: type(refusal).__name__ + str(refusal)[:8])
def test_a_command_that_the_state_of_the_server_forbids_is_unavailable_and_nobody_has_to_wait(refusal, monkeypatch):
    client = ValkeyClient("valkey://host")
    monkeypatch.setattr(client, "_exchanged", lambda *_: [b"OK", refusal])
    with pytest.raises(Unavailable, match="host:6379 refuses a command") as raised:
        client.send([("PING",), ("SET", "key", 1)])
    assert str(refusal) in str(raised.value)
    assert client._back_off.left_s() == 0.0


def test_a_command_that_is_wrong_is_an_error_of_the_program(monkeypatch):
    client = ValkeyClient("valkey://host")
    monkeypatch.setattr(client, "_exchanged", lambda *_: [ResponseError("WRONGTYPE Operation against a key")])
    with pytest.raises(ResponseError, match="WRONGTYPE"):
        client.send([("GET", "key")])


def test_a_server_that_speaks_another_language_is_unavailable():
    def answer(web):
        connection, _ = web.accept()
        with connection:
            connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            connection.recv(100)

    with socket.create_server(("127.0.0.1", 0)) as web:
        answered = Thread(target=answer, args=(web,))
        answered.start()
        client = ValkeyClient(f"valkey://127.0.0.1:{web.getsockname()[1]}", read_timeout_s=0.5)
        with pytest.raises(Unavailable, match="does not answer"):
            client.send([("PING",)])
        answered.join()


def test_a_database_that_the_server_has_not_is_unavailable_and_named():
    def serve(connections):
        for connection in connections:
            with connection:
                while connection.recv(4_096):
                    connection.sendall(b"-ERR DB index is out of range\r\n")

    with served_by(serve) as port:
        client = ValkeyClient(f"valkey://127.0.0.1:{port}/999", read_timeout_s=0.5)
        with pytest.raises(Unavailable, match=r"refuses the connection \(DB index is out of range\); .*database"):
            client.send([("PING",)])


@contextmanager
def served_by(serve: Callable[[Iterable[socket.socket]], None]) -> Iterator[int]:
    """A server by its port: `serve` goes through the connections, in a thread that ends with it."""

    def connections() -> Iterator[socket.socket]:
        with suppress(OSError):  # nobody listens any more
            while True:
                yield listening.accept()[0]

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = Thread(target=serve, args=(connections(),))
        thread.start()
        try:
            yield listening.getsockname()[1]
        finally:
            listening.shutdown(socket.SHUT_RDWR)
            thread.join()


def server_of(*, answers: int) -> AbstractContextManager[int]:
    """One that answers on so many connections and then hangs, by its port."""

    def serve(connections: Iterable[socket.socket]) -> None:
        for connection in islice(connections, answers):
            with connection:
                while connection.recv(1_000):
                    connection.sendall(b"+PONG\r\n")

    return served_by(serve)


def skipping(*missed: int) -> AbstractContextManager[int]:
    """One that answers every message but those of these numbers, by its port."""

    def serve(connections: Iterable[socket.socket]) -> None:
        number = count()
        for connection in connections:
            with connection:
                while connection.recv(1_000):
                    if next(number) not in missed:
                        connection.sendall(b"+PONG\r\n")

    return served_by(serve)


def test_one_answer_that_does_not_come_keeps_nobody_out_and_a_second_in_a_row_does():
    with skipping(1, 3, 4) as port:
        client = ValkeyClient(f"valkey://127.0.0.1:{port}", connect_timeout_s=20, read_timeout_s=1, clock=Clock())
        for _ in range(2):
            assert client.send([("PING",)]) == [True]
            with pytest.raises(MissedError, match="does not answer"):
                client.send([("PING",)])
        with pytest.raises(Unavailable, match="does not answer") as raised:
            client.send([("PING",)])
        assert not isinstance(raised.value, MissedError)
        with pytest.raises(Unavailable, match="nobody tries it"):
            client.send([("PING",)])
        client.close()


def test_who_has_little_time_does_not_wait_and_others_are_not_kept_out():
    with server_of(answers=0) as port:
        client = ValkeyClient(f"valkey://127.0.0.1:{port}", connect_timeout_s=20, read_timeout_s=20, clock=Clock())
        for _ in range(3):
            with pytest.raises(Unavailable, match="had not answered when the time that the request may take was spent"):
                client.send([("PING",)], 0.01)
        assert client._back_off.left_s() == 0.0
        client.close()


def test_an_answer_in_time_is_taken_however_little_that_is():
    with server_of(answers=1) as port:
        client = ValkeyClient(f"valkey://127.0.0.1:{port}", connect_timeout_s=20, read_timeout_s=30)
        assert client.send([("PING",)], 20) == [True]
        client.close()


def test_who_waited_long_for_nothing_tells_that_the_server_is_slow():
    with server_of(answers=0) as port:
        url, hours = f"valkey://127.0.0.1:{port}", count(step=3_600)
        client = ValkeyClient(url, connect_timeout_s=20, read_timeout_s=20, back_off_s=1e6, clock=hours.__next__)
        for _ in range(2):
            with pytest.raises(Unavailable, match="had not answered"):
                client.send([("PING",)], 0.01)
        with pytest.raises(Unavailable, match="is slow; nobody reads from it"):
            client.send([("PING",)], 0.01)
        client.close()


def test_who_has_little_time_does_not_wait_for_a_connection_and_that_there_is_none_is_known_later():
    with socket.create_server(("127.0.0.1", 0)) as listening:
        url = f"valkeys://127.0.0.1:{listening.getsockname()[1]}"
        client = ValkeyClient(url, connect_timeout_s=20, read_timeout_s=20, clock=Clock())
        with pytest.raises(Unavailable, match="had not answered when the time that the request may take was spent"):
            client.send([("PING",)], 0.01)
        assert client._back_off.left_s() == 0.0
        connection, _ = listening.accept()
        assert connection.recv(10_000), "a handshake that nobody answers"
        connection.close()
        wait_for(lambda: client._back_off.left_s() > 0)
    client.close()


def test_a_connection_that_comes_too_late_is_there_for_the_next_one():
    may_go_on, let_in = Event(), []

    def serve(connections):
        for connection in connections:
            let_in.append(connection)
            with connection:
                assert b"AUTH" in connection.recv(1_000)
                assert may_go_on.wait(20)
                connection.sendall(b"+OK\r\n")
                while connection.recv(1_000):
                    connection.sendall(b"+PONG\r\n")

    with served_by(serve) as port:
        url = f"valkey://:secret@127.0.0.1:{port}"
        client = ValkeyClient(url, connect_timeout_s=20, read_timeout_s=20, clock=Clock())
        with pytest.raises(Unavailable, match="had not answered"):
            client.send([("PING",)], 0.01)
        may_go_on.set()
        wait_for(lambda: len(client._connections._ready) == 1)
        assert client.send([("PING",)], 10) == client.send([("PING",)]) == [True]
        assert len(let_in) == 1
        client.close()
    assert not client._connections._ready


def test_a_connection_that_the_server_closed_meanwhile_is_replaced():
    with server_of(answers=2) as port:
        client = ValkeyClient(f"valkey://127.0.0.1:{port}", connect_timeout_s=20, read_timeout_s=20)
        assert client.send([("PING",)]) == [True]
        (connection,) = client._connections._ready
        connection._sock.shutdown(socket.SHUT_RDWR)
        assert client.send([("PING",)], 10) == [True]
        client.close()


def test_what_comes_after_the_end_is_closed():
    with server_of(answers=1) as port:
        client = ValkeyClient(f"valkey://127.0.0.1:{port}", connect_timeout_s=20, read_timeout_s=20)
        client.send([("PING",)])  # the server has let it in
        connection = client._connections.taken()
        client.close()
        client._connections.give_back(connection)
        assert not client._connections._ready
        assert connection._sock is None
