"""Two workers on a real state_server, over HTTP: what one is told all know, and none is missed when it dies."""

import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from typer.testing import CliRunner

from tests.integration.conftest import KEY
from tests.served_registry import DAMAGED, FIRST, SECOND, TWIN
from tests.served_workers import START_S, ServedWorkers, served, wait_for
from tests.trained_shop import values_of_items
from tests.unit.serving.meters.test_metrics import samples
from winnow.api.client import Client
from winnow.cli.main import app
from winnow.engine.engine import Engine
from winnow.schema.errors import RequestError, SettingsError, Unavailable

NEW = "quite new/ä"
TWIN_BUNDLE, INFO = "bundle-of-twin", "winnow_bundle_info"
VISITORS = 2
COUNT = ("winnow_request_seconds_count", "/v1/recommendations", "200")


@pytest.fixture(scope="module")
def values(shop: Path, engine: Engine) -> dict:
    return {**values_of_items(shop)[engine.catalogue.item_ids[0]], "picture": None}


@pytest.fixture(scope="module", autouse=True)
def _tidy(two_workers: ServedWorkers, engine: Engine) -> Iterator[None]:
    """Other files share the service."""
    yield
    with two_workers.clients() as (client, _):
        for each in titles(client).keys() - set(engine.catalogue.item_ids):
            client.withdraw_item(each)


def titles(client: Client) -> dict:
    return {item["item_id"]: item["title"] for item in client.recommend("u1", k=1000)["items"]}


def test_an_item_that_one_is_told_of_is_in_the_answers_of_all_when_the_call_returns(two_workers, values):
    with two_workers.clients() as clients:
        for number in range(6):
            told = {**values, "title": f"Title {number}"}
            change = clients[number % 2].put_item(NEW, told)
            assert [titles(each)[NEW] for each in clients] == [told["title"]] * 2
            assert change == {"item_id": NEW, "status": "replaced" if number else "created", "durable": True}
        clients[0].withdraw_item(NEW)
        assert [NEW in titles(each) for each in clients] == [False, False]
        with pytest.raises(RequestError, match="No item has"):
            clients[1].withdraw_item(NEW)


def test_a_wrong_item_is_refused_and_stays_what_it_was_everywhere(two_workers, values):
    with two_workers.clients() as clients:
        clients[0].put_item("kept", values)
        with pytest.raises(RequestError, match="'price' is 'cheap'"):
            clients[1].put_item("kept", {**values, "price": "cheap"})
        assert [titles(each)["kept"] for each in clients] == [values["title"]] * 2


def test_a_page_of_one_is_followed_by_a_page_of_the_other(two_workers):
    with two_workers.clients() as (one, other):
        first = one.recommend("u3", k=5)
        second = other.recommend("u3", k=5, cursor=first["cursor"])
        assert not {each["item_id"] for each in first["items"]} & {each["item_id"] for each in second["items"]}


def metrics(url: str) -> dict[tuple[str, ...], float]:
    address = urlsplit(url)
    with socket.create_connection((address.hostname, address.port), timeout=10) as connection:
        connection.sendall(b"GET /metrics HTTP/1.1\r\nHost: winnow\r\nConnection: close\r\n\r\n")
        answer = b"".join(iter(lambda: connection.recv(65_536), b""))
    return samples(answer.split(b"\r\n\r\n", 1)[1].decode())


def counted_so_far(url: str) -> float:
    """A request counts when its last byte is written, which its caller may have read before: so those before this."""
    found = [-1.0]

    def no_more_came() -> bool:
        time.sleep(0.3)
        found.append(metrics(url).get(COUNT, 0))
        return found[-1] == found[-2]

    wait_for(no_more_came)
    return found[-1]


def test_any_worker_tells_of_all(two_workers, engine):
    before = counted_so_far(two_workers.url)
    with two_workers.clients() as clients:
        for client, times in zip(clients, (3, 4), strict=True):
            for _ in range(times):
                client.recommend("u1", k=1)
    wait_for(lambda: metrics(two_workers.url)[COUNT] >= before + 7)
    for _ in range(8):  # other connections, so that both workers are asked
        found = metrics(two_workers.url)
        assert found[COUNT] == before + 7
        assert found["winnow_bundle_info", engine.name, engine.digest] == 2
        for name in ("resident_memory_bytes", "cpu_seconds_total", "start_time_seconds", "open_fds"):
            assert len([each for each in found if each[0] == f"process_{name}"]) == 2, "one for each worker"


def test_without_the_server_nothing_changes_and_with_it_again_all_know_what_they_knew(
    two_workers, state_server, values
):
    with two_workers.clients() as clients:
        clients[0].put_item("before", values)
        state_server.kill()
        with pytest.raises(Unavailable, match="not answer"):
            clients[1].put_item("lost", values)
        assert all({"before", "lost"} & {*titles(each)} == {"before"} for each in clients)
        state_server.start()
        wait_for(lambda: accepted(clients[1], "after", values))
        assert all({"before", "lost", "after"} & {*titles(each)} == {"before", "after"} for each in clients)


def accepted(client: Client, item_id: str, values: dict) -> bool:
    try:
        client.put_item(item_id, values)
    except Unavailable:
        return False
    return True


def test_all_finish_what_they_do_when_the_service_is_told_to_stop(bundle, state_server):
    with served(bundle, 2, WINNOW_VALKEY_URL=state_server.url) as service:
        with service.clients() as clients:
            waiting = [client._connection._socket for client in clients]
            for connection in waiting:
                connection.sendall(
                    b"POST /v1/recommendations HTTP/1.1\r\nHost: winnow\r\nContent-Length: 8\r\n"
                    b"Connection: close\r\nExpect: 100-continue\r\n\r\n"
                )
                assert connection.recv(65_536).startswith(b"HTTP/1.1 100 ")
            service.process.send_signal(signal.SIGTERM)
            wait_for(lambda: not listens(service.url))
            for connection in waiting:
                connection.sendall(b'{"k": 1}')
                answer = b"".join(iter(lambda each=connection: each.recv(65_536), b""))
                assert answer.startswith(b"HTTP/1.1 200 ")
        assert service.process.wait(timeout=30) == 128 + signal.SIGTERM


def listens(url: str) -> bool:
    address = urlsplit(url)
    try:
        socket.create_connection((address.hostname, address.port), timeout=10).close()
    except ConnectionRefusedError:
        return False
    return True


def test_several_workers_without_a_server_are_refused(bundle):
    answer = CliRunner().invoke(app, ["serve", str(bundle), "--workers", "2"], env={"WINNOW_VALKEY_URL": ""})
    assert isinstance(answer.exception, SettingsError)
    assert "Name a Valkey server that they share with WINNOW_VALKEY_URL" in str(answer.exception)


def bundles(*clients: Client) -> list[str]:
    return [each.ready()["bundle"] for each in clients]


def test_a_promoted_bundle_answers_in_all_workers_when_the_call_returns_and_a_damaged_one_in_none(
    two_workers, engine, small_registry
):
    with two_workers.clients() as (one, other):
        status = one.promote(TWIN)
        assert bundles(one, other) == [TWIN_BUNDLE] * 2
        assert [each["bundle"] for each in status["workers"]] == [TWIN_BUNDLE] * 2
        with pytest.raises(RequestError, match="damaged"):
            other.promote(DAMAGED)
        assert bundles(one, other) == [TWIN_BUNDLE] * 2
        other.roll_back()
        assert bundles(one, other) == [engine.name] * 2
        assert small_registry.pointer().current == FIRST


def test_a_killed_worker_is_replaced_by_one_that_knows_all_while_callers_are_answered(
    two_workers, values, small_registry
):
    with two_workers.clients() as clients:
        before = metrics(two_workers.url)[COUNT]
        clients[0].promote(TWIN)
        clients[1].canary(SECOND, 0.5)
        with visited(two_workers) as failures:
            victim = two_workers.children()[0]
            os.kill(victim, signal.SIGKILL)
            with closing(Client(two_workers.url, KEY)) as left:
                wait_for(lambda: accepted(left, "meanwhile", values), START_S)
                failed = len(failures)
                assert "meanwhile" in titles(left)
            wait_for(lambda: len(two_workers.children()) == 2 and victim not in two_workers.children(), START_S)
            with two_workers.clients() as (one, other):
                assert bundles(one, other) == [TWIN_BUNDLE] * 2
                assert [each.bundles()["candidate"]["name"] for each in (one, other)] == [SECOND] * 2
                assert all("meanwhile" in titles(each) for each in (one, other))
                one.put_item("afterwards", values)
                assert all("afterwards" in titles(each) for each in (one, other))
                told = metrics(two_workers.url)
                other.canary(None)
                one.roll_back()
        assert failures[failed:] == [], "once its socket is gone, nobody meets the dead one"
    assert told[INFO, TWIN_BUNDLE, small_registry.manifest_of(TWIN).digest] == 2
    assert told[COUNT] > before, "what the dead one counted counts"


@contextmanager
def visited(service: ServedWorkers) -> Iterator[list[str]]:
    """Visitors ask as long as the block runs; yields what fails."""
    failures, stop = list[str](), threading.Event()

    def ask() -> None:
        client = Client(service.url, KEY)
        while not stop.is_set():
            try:
                client.recommend("u1", k=3)
            except Unavailable as error:
                failures.append(str(error))
        client.close()

    threads = [threading.Thread(target=ask) for _ in range(VISITORS)]
    for thread in threads:
        thread.start()
    try:
        yield failures
    finally:
        stop.set()
        for thread in threads:
            thread.join()
