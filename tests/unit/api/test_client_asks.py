"""The client asks for scores, batches and reasons over real sockets."""

import pytest

from tests.unit.serving.conftest import KEY
from tests.unit.serving.live_service import live_service
from tests.unit.serving.small_engine import small_engine
from winnow.api.client import Client
from winnow.api.events import VisitorEvent
from winnow.api.recommendations import RecommendationRequest
from winnow.api.score import ScoreRequest
from winnow.api.why import WhyRequest
from winnow.schema.errors import RequestError
from winnow.schema.schema import EventType
from winnow.serving.access.known_key import hashed_keys
from winnow.serving.settings.settings import Settings


@pytest.fixture(scope="module")
def client():
    with live_service(small_engine(), Settings(port=0, key_hashes=hashed_keys([KEY]))) as (host, port):
        client = Client(f"http://{host}:{port}", KEY)
        client.events([VisitorEvent(user_id="a&n=n", item_id="item-0", type=EventType.CLICK)])
        yield client
        client.close()


def test_what_may_be_asked_is_told(client):
    assert [each["name"] for each in client.shop()["context"]] == ["device_type"]


def test_scores_of_given_items_come_best_first(client):
    answer = client.score(ScoreRequest(user_id="a&n=n", items=["item-3", "item-0", "?"], exclude=["item-3"]))
    assert [(each["item_id"], each["removed_by"]) for each in answer["items"]] == [
        ("item-0", ["seen"]),
        ("item-3", ["exclude"]),
    ]
    assert answer["unknown"] == ["?"]


def test_a_batch_is_answered_entry_by_entry(client):
    first, second, third = client.batch(
        [RecommendationRequest(user_id="a&n=n", k=1), {"k": 2, "trace": True}, {"size": 1}]
    )["answers"]
    assert [item["item_id"] for item in first["items"]] == ["item-1"]
    assert [item["item_id"] for item in second["items"]] == ["item-0", "item-1"]
    assert second["trace"][-1]["name"] == "select"
    assert third["error"]["field"] == "size"


def test_reasons_are_told_whatever_the_ids_hold(client):
    answer = client.why(WhyRequest(item_id="item-0", user_id="a&n=n", k=3))
    assert (answer["stage"], answer["seen"]) == ("seen", True)
    other = client.why(WhyRequest(item_id="item-0", user_id="b", k=3, asked='{"exclude": ["item-0"]}'))
    assert (other["stage"], other["seen"]) == ("exclude", False)
    with pytest.raises(RequestError, match="No item has the text '&k=1' for its id"):
        client.why(WhyRequest(item_id="&k=1"))


def test_a_way_is_told_with_the_list_that_it_led_to(client):
    assert "trace" not in client.recommend(k=1)
    assert client.recommend(k=1, trace=True)["trace"][0]["name"] == "state"
    with pytest.raises(RequestError, match=r"'explore' is 0\.5, and the recipe"):
        client.recommend(k=1, explore=0.5)
