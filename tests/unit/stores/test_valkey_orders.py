"""Orders on a real server: what is kept of them, and who notices that some are gone."""

from collections.abc import Iterator

import pytest

from tests.valkey_server import PATIENT_S, valkey_server
from winnow.stores.valkey_client import ValkeyClient
from winnow.stores.valkey_orders import STREAM, Place, ValkeyOrders

TOKENS = [f"token {number}" for number in range(9)]


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ValkeyClient]:
    with valkey_server(tmp_path_factory.mktemp("server")) as server:
        client = ValkeyClient(server.url, read_timeout_s=PATIENT_S)
        yield client
        client.close()


@pytest.fixture
def orders(client: ValkeyClient) -> ValkeyOrders:
    client.send([("FLUSHALL",)])
    tokens = iter(TOKENS)
    return ValkeyOrders(client=client, fresh_token=lambda: next(tokens))


def test_orders_are_numbered_and_the_last_word_on_each_subject_is_kept(orders):
    assert orders.marks() == (Place(), {})
    assert [orders.give("a", b"one"), orders.give("b", b"two\n2"), orders.give("a", b"three")] == [1, 2, 3]
    place, marks = orders.marks()
    assert place == Place(number=3, token=TOKENS[2])
    assert marks == {"a": b"3 token 2", "b": b"2 token 1"}
    assert orders.words(["b", "none", "a"]) == [(marks["b"], b"two\n2"), (b"", b""), (marks["a"], b"three")]
    assert orders.words([]) == []


def test_a_reader_hears_of_what_came_after_its_place(orders):
    orders.give("a", b"one")
    start, _ = orders.marks()
    assert orders.after(start, 0.01) == []
    orders.give("b", b"two")
    orders.give("a", b"three")
    assert orders.after(start) == [
        (Place(number=2, token=TOKENS[1]), "b"),
        (Place(number=3, token=TOKENS[2]), "a"),
    ]
    assert orders.after(Place()) is not None


def test_a_reader_learns_that_what_it_has_yet_to_hear_was_trimmed(orders, client):
    orders.give("a", b"one")
    start, _ = orders.marks()
    orders.give("b", b"two")
    orders.give("c", b"three")
    client.send([("XTRIM", STREAM, "MAXLEN", 1)])
    assert orders.after(start, 0) is None
    assert orders.after(Place(), 0) is None


def test_a_reader_learns_that_the_server_has_lost_what_it_heard_and_gives_its_number_again(orders, client):
    orders.give("a", b"one")
    heard, _ = orders.marks()
    client.send([("FLUSHALL",)])
    assert orders.after(heard, 0) is None
    orders.give("b", b"another")
    assert orders.marks()[0].number == heard.number
    assert orders.after(heard, 0) is None


def test_long_silence_is_death_by_the_clock_of_the_server(orders, client):
    assert orders.report("one", b"said") == 0
    orders.give("a", b"one")
    assert orders.report("two", b"more", 1, "no") == 1
    assert [(each.name, each.said, each.refusal) for each in orders.workers(1)] == [
        ("one", b"said", None),
        ("two", b"more", "no"),
    ]
    assert [each.refusal for each in orders.workers(2)] == [None, None]
    client.send([("HSET", "{fleet}:workers", "one", "1000 said")])
    assert [each.name for each in orders.workers()] == ["two"]
    orders.report("two", b"more")
    assert client.send([("HKEYS", "{fleet}:workers")]) == [[b"two"]]
