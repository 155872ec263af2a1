"""Items come, change and go over HTTP, on a trained bundle; a process is killed and started again."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.integration.conftest import KEY
from tests.served_workers import EveryWorker
from tests.trained_shop import values_of_items
from tests.unit.serving.live_service import live_service
from tests.valkey_server import valkey_server
from winnow.api.client import Client
from winnow.engine.engine import Engine
from winnow.schema.errors import RequestError
from winnow.serving.access.known_key import hashed_keys
from winnow.serving.settings.settings import Settings

NEW = "quite new/ä"
Serve = Callable[..., AbstractContextManager[Client]]
AT = {"timestamp": 1_780_000_000}


@pytest.fixture(scope="module")
def popular_values(shop: Path, engine: Engine) -> dict:
    """What the shop says of its most popular item."""
    popular = engine.catalogue.item_ids[int(engine.stock.popularity.argmax())]
    return values_of_items(shop)[popular]


@contextmanager
def service(engine: Engine, state: Path | None = None) -> Iterator[Client]:
    with live_service(engine, Settings(port=0, key_hashes=hashed_keys([KEY]), state=state)) as (host, port):
        client = Client(f"http://{host}:{port}", KEY)
        yield client
        client.close()


def everything(client: Client) -> dict[str, dict]:
    return {item["item_id"]: item for item in client.recommend("u1", AT, k=1000)["items"]}


def test_a_new_item_is_answered_at_once_with_its_card_and_a_withdrawn_one_never(engine, serve, popular_values):
    with serve(engine) as client:
        before = everything(client)
        assert client.put_item(NEW, popular_values) == {
            "item_id": NEW,
            "status": "created",
            "durable": serve is not service,
        }
        after = everything(client)
        assert set(after) == {*before, NEW}
        assert after[NEW]["title"] == popular_values["title"] == client.item(NEW)["card"]["title"]
        assert client.put_item(NEW, {**popular_values, "title": "Another"})["status"] == "replaced"
        assert everything(client)[NEW]["title"] == "Another"
        assert client.withdraw_item(NEW) == {"item_id": NEW, "status": "withdrawn", "durable": serve is not service}
        assert set(everything(client)) == set(before)
        for call in (client.item, client.withdraw_item):
            with pytest.raises(RequestError, match="No item has"):
                call(NEW)
        assert client.put_item(NEW, popular_values)["status"] == "created"
        assert NEW in everything(client)


def test_similar_items_know_at_once_what_came_and_what_went(engine, serve, popular_values):
    twin = engine.catalogue.item_ids[int(engine.stock.popularity.argmax())]
    every = len(engine.catalogue)
    with serve(engine) as client:
        client.put_item(NEW, popular_values)
        nearest = client.similar(NEW, k=1, by="description")["items"][0]
        assert nearest["score"] == nearest["parts"]["description"] == 1.0
        alike = {item["item_id"]: item["parts"] for item in client.similar(twin, k=1000, by="description")["items"]}
        assert (len(alike), alike[NEW]) == (every, {"description": 1.0})
        client.withdraw_item(NEW)
        assert NEW not in [item["item_id"] for item in client.similar(twin, k=1000)["items"]]
        with pytest.raises(RequestError, match="No item has"):
            client.similar(NEW)


def test_an_item_that_came_without_words_is_compared_by_the_rest(engine, serve, popular_values):
    with serve(engine) as client:
        client.put_item(NEW, {**popular_values, "description": None})
        with pytest.raises(RequestError, match=f"The item '{NEW}' has no 'description', .* what it has: behaviour"):
            client.similar(NEW, by="description")
        answer = client.similar(NEW, by={"description": 3, "behaviour": 1})
        assert (answer["by"], answer["missing"]) == ({"behaviour": 1.0}, ["description"])


def test_changes_are_there_again_after_a_restart(engine, serve, popular_values, tmp_path):
    gone = engine.catalogue.item_ids[0]
    with serve(engine, tmp_path) as client:
        assert client.put_item(NEW, popular_values)["durable"] is True
        client.put_item("short-lived", popular_values)
        client.withdraw_item("short-lived")
        client.withdraw_item(gone)
        before = everything(client)
    with serve(engine, tmp_path) as client:
        after = everything(client)
    assert set(before) == set(after) == {*engine.catalogue.item_ids, NEW} - {gone}
    assert after[NEW]["score"] == pytest.approx(before[NEW]["score"], abs=1e-5)


@pytest.fixture(params=["one service", "two services on a server"])
def serve(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Serve]:
    """Starts a service; of two that share a server, the client asks each by turns."""
    if request.param == "one service":
        yield service
        return
    with valkey_server(tmp_path, appendonly="yes", appendfsync="always") as server:
        settings = Settings(port=0, key_hashes=hashed_keys([KEY]), valkey_url=server.url)

        @contextmanager
        def two(engine: Engine, _: Path | None = None) -> Iterator[Client]:
            with live_service(engine, settings) as one, live_service(engine, settings) as other:
                clients = [Client(f"http://{host}:{port}", KEY) for host, port in (one, other)]
                yield cast("Client", EveryWorker(clients))
                for client in clients:
                    client.close()

        yield two


@contextmanager
def process(bundle: Path, state: Path) -> Iterator[tuple[subprocess.Popen, Client]]:
    environment = {**os.environ, "WINNOW_API_KEYS": KEY, "WINNOW_STATE": str(state), "COLUMNS": "200"}
    command = [sys.executable, "-m", "winnow.cli.main", "serve", str(bundle), "--port", "0"]
    started = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    with started:
        try:
            client = Client(address(started), KEY)
            yield started, client
            client.close()
        finally:
            started.kill()


def address(started: subprocess.Popen) -> str:
    for line in started.stdout:
        if "http://" in line:
            return "http://" + line.split("http://")[1].split()[0]
    raise AssertionError("the service did not start")


def test_what_was_acknowledged_survives_a_kill(bundle, popular_values, tmp_path):
    with process(bundle, tmp_path) as (started, client):
        client.put_item(NEW, popular_values)
        started.send_signal(signal.SIGKILL)
        started.wait()
    with process(bundle, tmp_path) as (_, client):
        assert client.item(NEW)["card"]["title"] == popular_values["title"]
        assert NEW in everything(client)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"price": "cheap"}, "'price' is 'cheap'; a number"),
        ({"no_such": 1}, "'values.no_such' is not known to the bundle that answers; an item has: "),
        ({"title": ["x"]}, "'title' is not text"),
        ({"description": "x" * 20_001}, "'values.description' has 20,001 characters; at most 20,000 are taken"),
    ],
)
def test_a_wrong_item_is_a_sentence_and_changes_nothing(engine, values, words, tmp_path):
    with service(engine, tmp_path) as client:
        with pytest.raises(RequestError, match=words):
            client.put_item(NEW, values)
        assert NEW not in everything(client)
    assert [path.stat().st_size for path in tmp_path.iterdir()] == [0]


JSON = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
COLUMNS = st.sampled_from(["title", "category", "style", "price", "description", "picture", "item_id", ""])


@pytest.fixture(scope="module")
def shared(engine: Engine) -> Iterator[Client]:
    with service(engine) as client:
        yield client


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(values=st.dictionaries(COLUMNS, JSON | st.lists(JSON, max_size=2)))
def test_whatever_is_put_is_taken_and_answered_or_refused_with_a_sentence(shared, values):
    # A 5xx would raise Unavailable, and fail the test.
    sentence = ""
    try:
        shared.put_item("anything", values)
    except RequestError as refusal:
        sentence = str(refusal)
    assert sentence.endswith(".") or "anything" in everything(shared), sentence
    if not sentence:
        shared.withdraw_item("anything")


def test_requests_in_flight_never_see_half_a_change(engine, serve, popular_values):
    """While items come and go, every answer holds whole cards and no more than what was there."""
    with serve(engine) as client:
        base = client._url
        stop, failures = threading.Event(), []

        def ask() -> None:
            asking = Client(base, KEY)
            while not stop.is_set():
                items = everything(asking)
                if NEW in items and items[NEW]["title"] != popular_values["title"]:
                    failures.append(items[NEW])
                if len(items) - (NEW in items) != len(engine.catalogue):
                    failures.append(len(items))
            asking.close()

        thread = threading.Thread(target=ask)
        thread.start()
        for _ in range(10):
            client.put_item(NEW, popular_values)
            time.sleep(0.01)
            client.withdraw_item(NEW)
        stop.set()
        thread.join()
    assert failures == []
