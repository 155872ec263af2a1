import socket
import threading
from dataclasses import fields

import pytest

from tests.unit.serving.conftest import KEY
from tests.unit.serving.live_service import live_service
from tests.unit.serving.small_engine import small_engine
from winnow.api.client import Client
from winnow.api.events import VisitorEvent
from winnow.api.recommendations import Choice, RecommendationRequest
from winnow.schema.errors import RequestError, Unavailable
from winnow.schema.schema import EventType
from winnow.serving.access.known_key import hashed_keys
from winnow.serving.settings.settings import Settings


@pytest.fixture(scope="module")
def url():
    with live_service(small_engine(), Settings(port=0, key_hashes=hashed_keys([KEY]))) as (host, port):
        yield f"http://{host}:{port}"


def item_ids(client: Client, user_id: str) -> list[str]:
    return [
        item["item_id"]
        for item in client.recommend(user_id, {"device_type": "phone"}, k=3, exclude=["item-1"])["items"]
    ]


def test_a_client_asks_reports_and_asks_again(url):
    client = Client(url, KEY)
    assert item_ids(client, "ann") == ["item-0", "item-2", "item-3"]
    event = VisitorEvent(user_id="ann", item_id="item-2", type=EventType.CLICK)
    assert client.events([event]) == {"accepted": 1, "duplicates": 0}
    assert client.events([event]) == {"accepted": 0, "duplicates": 1}
    assert item_ids(client, "ann") == ["item-0", "item-3", "item-4"]
    assert client.ready()["bundle"] == "small-20261121-0001"
    client.close()
    assert item_ids(client, "bob") == ["item-0", "item-2", "item-3"]
    client.close()


def test_all_that_can_be_asked_the_client_can_ask():
    said = {"user_id", "context", "k", "exclude", *Choice.__annotations__}
    assert said == {each.name for each in fields(RecommendationRequest)}


def test_a_client_has_a_budget(url):
    client = Client(url, KEY)
    answer = client.recommend("ann", k=1, budget_ms=0)
    client.close()
    assert "state" in answer["degraded"]


def test_a_client_reports_a_session_logs_it_in_shows_resets_and_forgets(url):
    client = Client(url, KEY)
    event = VisitorEvent(session_id="a/b", item_id="item-2", type=EventType.CLICK)
    assert client.events([event])["accepted"] == 1
    assert [item["item_id"] for item in client.recommend(session_id="a/b", k=3)["items"]] == [
        "item-0",
        "item-1",
        "item-3",
    ]
    assert client.session_state("a/b")["events_known"] == 1
    assert len(client.session_state("a/b", ["click", "view"])["events"]) == 1
    assert client.session_state("a/b", ["view"])["events"] == []
    assert client.merge_session("c/d?", "a/b") == {"user_id": "c/d?", "session_id": "a/b", "events": 1}
    assert client.session_state("a/b")["events_known"] == 0
    assert client.state("c/d?")["seen"]["item_ids"] == ["item-2"]
    assert client.reset("c/d?") == {"user_id": "c/d?", "events": 1, "past_events": 0}
    assert client.forget("c/d?") == {
        "user_id": "c/d?",
        "events": 0,
        "past_events": 0,
        "log_rows": None,
        "features": None,
        "still_in": None,
    }
    assert client.state("c/d?")["forgotten"]
    with pytest.raises(RequestError, match="both came; a visitor goes by one of them"):
        client.recommend("c/d?", session_id="a/b")
    client.close()


@pytest.mark.parametrize("call", [Client.state, Client.session_state, Client.reset, Client.forget])
def test_an_empty_id_is_refused_before_it_is_sent(call):
    with pytest.raises(RequestError, match="is empty; it should have at least 1 character"):
        call(Client("http://127.0.0.1:1"), "")


def test_a_client_asks_for_page_after_page(url):
    client = Client(url, KEY)
    answer = client.recommend("pages", k=3, cursor=None)
    shown = [item["item_id"] for item in answer["items"]]
    while (cursor := answer["cursor"]) is not None:
        answer = client.recommend("pages", k=3, cursor=cursor)
        shown += [item["item_id"] for item in answer["items"]]
    assert shown == [f"item-{number}" for number in range(7)]
    with pytest.raises(RequestError, match="given to another visitor"):
        client.recommend("ann", cursor=client.recommend("pages", k=3)["cursor"])
    client.close()


def test_a_client_asks_for_diversity_and_reads_that_there_is_none(url):
    client = Client(url, KEY)
    with pytest.raises(RequestError, match="orders items without regard to diversity"):
        client.recommend(diversity=0.5)
    client.close()


@pytest.mark.parametrize("by", [None, "behaviour:3", {"behaviour": 1e-3}])
def test_a_client_asks_for_similar_items(url, by):
    client = Client(url)
    answer = client.similar("item-1", k=2, by=by)
    assert (answer["item_id"], answer["by"], answer["missing"]) == ("item-1", {"behaviour": 1.0}, [])
    assert [item["item_id"] for item in answer["items"]] == ["item-0", "item-2"]
    assert len(client.similar("item-1")["items"]) == 6
    client.close()


def test_a_client_asks_by_any_id_and_reads_the_sentence_of_a_refusal(url):
    client = Client(url)
    with pytest.raises(RequestError, match="No item has the text 'a/b#c"):
        client.similar("a/b#c?d=\u00e4 %2F")
    with pytest.raises(RequestError, match="cannot be compared by 'words'"):
        client.similar("item-1", by={"words": 1, "behaviour": 1})
    client.close()


@pytest.mark.parametrize("call", [Client.item, Client.similar, lambda client, text: client.similar("a", by=text)])
def test_half_a_character_in_an_address_is_refused_before_it_is_sent(call):
    with pytest.raises(RequestError, match=r"'a\\ud800' cannot be written in an address"):
        call(Client("http://127.0.0.1:1"), "a\ud800")


def test_a_refusal_is_the_sentence_of_the_service(url):
    client = Client(url, KEY)
    with pytest.raises(RequestError, match="'k' is 1001"):
        client.recommend(k=1001)
    client.close()
    stranger = Client(url)
    with pytest.raises(RequestError, match="needs an API key"):
        stranger.events([])
    stranger.close()


@pytest.mark.parametrize("value", [{1, 2}, 2**64, "\ud800", object()])
def test_what_json_cannot_hold_is_refused_before_it_is_sent(url, value):
    with pytest.raises(RequestError, match="cannot be written as JSON"):
        Client(url, KEY).recommend(context={"device_type": value})


def test_nobody_there_is_unavailable_and_says_where():
    with socket.create_server(("127.0.0.1", 0)) as free:
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(Unavailable, match=f"{url} does not answer"):
        Client(url).ready()


def answering(listening: socket.socket, *answers: bytes) -> None:
    """Answers one request on each of several connections, then hangs up."""
    for answer in answers:
        connection, _ = listening.accept()
        with connection:
            connection.recv(65_536)
            connection.sendall(answer)


def served(answers: tuple[bytes, ...], calls) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=answering, args=(listening, *answers))
        thread.start()
        client = Client(f"http://127.0.0.1:{listening.getsockname()[1]}")
        try:
            calls(client)
        finally:
            client.close()
            thread.join(timeout=10)


def response(status: str, body: bytes) -> bytes:
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


def test_a_kept_connection_that_was_closed_meanwhile_is_opened_again():
    ready = response("200 OK", b'{"status":"ready"}')

    def twice(client: Client) -> None:
        assert client.ready() == client.ready() == {"status": "ready"}

    served((ready, ready), twice)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (response("200 OK", b"<html>"), "no JSON"),
        (response("502 Bad Gateway", b'"?"'), "answered 502"),
        (response("500 Oops", b'{"error": {"code": "internal", "message": "It failed."}}'), "It failed."),
        (b"", "does not answer"),
        (b"garbage\r\n\r\n", "does not answer"),
    ],
)
def test_what_is_no_answer_of_the_service_is_unavailable(answer, words):
    def once(client: Client) -> None:
        with pytest.raises(Unavailable, match=words):
            client.ready()

    served((answer,), once)


@pytest.mark.parametrize("url", ["", "localhost:8080", "ftp://x", "http://", "http://x:port", "http://[::1"])
def test_what_is_no_address_is_refused(url):
    with pytest.raises(RequestError, match="is not the address of a service"):
        Client(url)


def test_a_path_before_the_routes_is_kept(url):
    client = Client(f"{url}/prefix/")
    with pytest.raises(RequestError, match="/prefix/readyz"):
        client.ready()
    client.close()
