import socket
import traceback

import pytest
from valkey.connection import Connection, SSLConnection, UnixDomainSocketConnection

from winnow.schema.errors import SettingsError, Unavailable
from winnow.stores.valkey_client import ValkeyClient


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


@pytest.mark.parametrize("url", ["", "host:6379", "http://me:secret@host", "valkey://me:secret@host:no-port"])
def test_anything_else_is_no_url_of_a_server_and_is_not_quoted(url):
    with pytest.raises(SettingsError, match="begins with valkey://") as raised:
        ValkeyClient(url)
    assert "secret" not in str(raised.value)


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
