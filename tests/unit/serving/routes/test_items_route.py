"""The route over a shop whose items cannot change; with a real bundle it is in tests/integration/test_live_items.py."""

import pytest

from tests.unit.serving.conftest import KEY, caller_of
from tests.unit.serving.small_engine import small_engine

PATH = "/v1/items/item-0"


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_the_route_is_shut_until_a_key_is_set_and_then_wants_one(method):
    shut = caller_of(small_engine()).call(method, PATH, json={"values": {}})
    assert (shut.status_code, shut.json()["error"]["code"]) == (403, "no_key_set")
    locked = caller_of(small_engine(), keys=(KEY,)).call(method, PATH, json={"values": {}})
    assert (locked.status_code, locked.json()["error"]["code"]) == (401, "key_missing")


def test_an_item_is_shown_with_its_card(client):
    assert client.get(PATH).json() == {
        "item_id": "item-0",
        "card": {"title": "Item 0", "price": 0.5, "rank": "a card column"},
    }


@pytest.mark.parametrize("item_id", ["nothing", "item-7", "a/b", ""])
@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_what_is_not_there_or_not_allowed_is_not_found(client, method, item_id):
    answer = client.call(method, f"/v1/items/{item_id}")
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "no_such_item")
    assert answer.json()["error"]["message"] == f"No item has the text '{item_id}' for its id, or it was withdrawn."


def test_a_bundle_that_takes_no_items_says_so(client):
    for method in ("PUT", "DELETE"):
        answer = client.call(method, PATH, json={"values": {}})
        assert (answer.status_code, answer.json()["error"]["code"]) == (422, "invalid_value")
        assert "takes no items: it lacks the item tower" in answer.json()["error"]["message"]


def test_an_id_has_a_length(client):
    answer = client.call("PUT", "/v1/items/" + "x" * 257, json={"values": {}})
    assert (answer.status_code, answer.json()["error"]["field"]) == (422, "item_id")
