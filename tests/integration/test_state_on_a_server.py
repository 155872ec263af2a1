"""A service whose users are known by a Valkey server, and what becomes of it when that goes."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from benchmarks.valkey_server import ValkeyServer
from tests.unit.serving.live_service import live_service
from tests.valkey_server import PATIENT_S, valkey_server
from winnow.api.client import Client
from winnow.api.events import VisitorEvent
from winnow.engine.open_engine import open_engine
from winnow.engine.state_home import StateHome
from winnow.schema.errors import SettingsError, Unavailable
from winnow.schema.schema import EventType
from winnow.serving.access.known_key import hashed_keys
from winnow.serving.settings.settings import Settings

KEY = "a-key-of-the-tests"


IMPATIENT_S = 1.0
"""Longest wait for a server that hangs: of what a busy machine takes, many times that."""
Shared = tuple[ValkeyServer, Client, Client]


@contextmanager
def sharing(bundle: Path, folder: Path, limit_s: float) -> Iterator[Shared]:
    """A server, and two services that share it and wait so long for it; by the budget none is ever late."""
    settings = Settings(port=0, key_hashes=hashed_keys([KEY]))
    limits = f"?socket_timeout={limit_s}&socket_connect_timeout={limit_s}"
    with (
        valkey_server(folder, appendonly="yes", appendfsync="always") as server,
        StateHome(url=server.url + limits) as one,
        StateHome(url=server.url + limits) as other,
        live_service(open_engine(bundle, one.open), settings) as (host, port),
        live_service(open_engine(bundle, other.open), settings) as (_, second),
    ):
        first, last = (Client(f"http://{host}:{each}", KEY) for each in (port, second))
        yield server, first, last
        first.close()
        last.close()


@pytest.fixture
def clients(bundle: Path, tmp_path: Path) -> Iterator[Shared]:
    with sharing(bundle, tmp_path, PATIENT_S) as shared:
        yield shared


@pytest.fixture
def impatient(bundle: Path, tmp_path: Path) -> Iterator[Shared]:
    with sharing(bundle, tmp_path, IMPATIENT_S) as shared:
        yield shared


def shown(client: Client, user: str) -> list[str]:
    answer = client.recommend(user, k=30)
    assert answer["degraded"] == []
    return [item["item_id"] for item in answer["items"]]


def click(client: Client, user: str, item: str) -> None:
    client.events([VisitorEvent(user_id=user, item_id=item, type=EventType.CLICK)])


def wait_for(condition: Callable[[], bool]) -> None:
    """Fails after a time that a busy machine does not need."""
    until = time.monotonic() + PATIENT_S
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.01)


def test_what_one_service_was_told_the_other_knows_at_once(clients):
    _, one, other = clients
    for number in range(50):
        user = f"visitor {number}"
        item = shown(one, user)[number % 10]
        click(one, user, item)
        assert item not in shown(other, user)


def test_without_its_server_a_service_answers_and_takes_no_events_and_with_it_nothing_is_lost(clients):
    server, client, _ = clients
    item = shown(client, "ann")[0]
    click(client, "ann", item)
    server.kill()
    for _ in range(5):
        answer = client.recommend("ann", k=10)
        assert (answer["degraded"], len(answer["items"])) == (["state"], 10)
    with pytest.raises(Unavailable, match="not answer"):
        click(client, "ann", item)
    server.start()
    wait_for(lambda: client.recommend("ann", k=1)["degraded"] == [])
    assert item not in shown(client, "ann")


def test_while_its_server_hangs_a_service_answers_and_afterwards_it_is_as_before(impatient):
    server, client, _ = impatient
    item = shown(client, "ann")[0]
    click(client, "ann", item)
    server.pause()
    try:
        for _ in range(10):
            answer = client.recommend("ann", k=10)
            assert (answer["degraded"], len(answer["items"])) == (["state"], 10)
    finally:
        server.resume()
    wait_for(lambda: client.recommend("ann", k=1)["degraded"] == [])
    assert item not in shown(client, "ann")


def test_a_server_that_may_forget_is_refused(bundle: Path, tmp_path: Path):
    with (
        valkey_server(tmp_path, **{"maxmemory-policy": "allkeys-lru"}) as server,
        StateHome(url=server.url) as home,
        pytest.raises(SettingsError, match="noeviction"),
    ):
        open_engine(bundle, home.open)


def test_a_service_starts_without_its_server_and_finds_it_later(bundle: Path, caplog: pytest.LogCaptureFixture):
    with StateHome(url="valkey://127.0.0.1:1/0") as home:
        open_engine(bundle, home.open)
    assert "starts without its state store" in caplog.text
