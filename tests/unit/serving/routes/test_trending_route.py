import time
from dataclasses import replace

import numpy as np
import pytest

from tests.unit.serving.conftest import KEY, Caller, caller_of
from tests.unit.serving.small_engine import ALLOWED, counting_engine, small_engine

DAY_S = 86_400.0


def local(**how) -> Caller:
    return caller_of(counting_engine(**how), keys=(KEY,), Authorization=f"Bearer {KEY}")


def click(caller: Caller, *items: str, kind: str = "click", days_ago: float = 0) -> None:
    at = time.time() - days_ago * DAY_S
    events = [{"user_id": "u", "item_id": item, "type": kind, "timestamp": at} for item in items]
    assert caller.post("/v1/events", json={"events": events}).status_code == 200


def item_ids(caller: Caller, **query) -> list[str]:
    answer = caller.get("/v1/trending", params=query)
    assert answer.status_code == 200, answer.text
    return [item["item_id"] for item in answer.json()["items"]]


def test_an_answer_names_itself_its_bundle_and_ranked_items_with_their_cards():
    caller = local()
    click(caller, "item-3")
    answer = caller.get("/v1/trending", params={"k": 1}, headers={"X-Request-Id": "mine-1"}).json()
    assert (answer["request_id"], answer["bundle"], answer["category"]) == ("mine-1", "small-20261121-0001", "")
    (item,) = answer["items"]
    assert item.pop("score") == pytest.approx(1, abs=1e-3)
    assert item == {"item_id": "item-3", "rank": 1, "title": "Item 3", "price": 3.5}


def test_what_happens_now_counts_at_once_and_weighs_half_after_each_half_life():
    caller = local()
    click(caller, "item-5")
    click(caller, "item-4", days_ago=7)
    click(caller, "item-6", "item-6", "item-6", days_ago=14)
    scores = [item["score"] for item in caller.get("/v1/trending", params={"k": 3}).json()["items"]]
    assert item_ids(caller, k=3) == ["item-5", "item-6", "item-4"]
    assert scores == pytest.approx([1, 0.75, 0.5], abs=1e-3)


def test_only_events_of_positive_types_count_and_the_same_event_counts_once():
    caller = local()
    click(caller, "item-5", kind="view")
    event = {"event_id": "e", "user_id": "u", "item_id": "item-4", "type": "click"}
    for _ in range(2):
        caller.post("/v1/events", json={"events": [event]})
    answer = caller.get("/v1/trending", params={"k": 2}).json()["items"]
    assert [item["item_id"] for item in answer] == ["item-4", "item-0"]
    assert answer[0]["score"] == pytest.approx(1, abs=1e-3)


def test_what_training_counted_has_aged_since_and_equals_come_by_popularity():
    trending = np.zeros(8, np.float32)
    trending[[2, 3]] = 8, 4
    caller = local(trending=trending, until=time.time() - 7 * DAY_S)
    items = caller.get("/v1/trending", params={"k": 4}).json()["items"]
    assert [item["item_id"] for item in items] == ["item-2", "item-3", "item-0", "item-1"]
    assert [item["score"] for item in items] == pytest.approx([4, 2, 0, 0], abs=1e-3)


def test_years_after_the_last_event_the_order_is_still_the_same():
    trending = np.zeros(8, np.float32)
    trending[[2, 5, 3]] = 4, 8, 2
    caller = local(trending=trending, until=time.time() - 3650 * DAY_S)
    assert item_ids(caller, k=4) == ["item-5", "item-2", "item-3", "item-0"]


def test_ten_items_are_wanted_unless_the_address_says_so_and_withdrawn_ones_never_come():
    caller = local()
    click(caller, "item-7")
    assert set(item_ids(caller)) == set(item_ids(caller, k=1000)) == set(ALLOWED)
    assert item_ids(caller, k=0) == []


def test_a_category_is_a_value_of_any_category_feature():
    caller = local()
    click(caller, "item-4", "item-4", "item-5", "item-6")
    assert item_ids(caller, category="even", k=2) == ["item-4", "item-6"]
    assert item_ids(caller, category="red", k=2) == ["item-4", "item-5"]
    assert caller.get("/v1/trending", params={"category": "even"}).json()["category"] == "even"


@pytest.mark.parametrize("category", ["purple", "Even", "seven", "x" * 200, "\x00", "ä"])
def test_a_category_of_nobody_is_not_found(category):
    answer = local().get("/v1/trending", params={"category": category})
    error = answer.json()["error"]
    assert (answer.status_code, error["code"], error["field"]) == (404, "no_such_category", "category")
    assert error["message"].startswith("No item that may be shown has the text")
    assert error["message"].endswith(".")


@pytest.mark.parametrize(
    ("query", "field", "words"),
    [
        ({"k": "-1"}, "k", "greater than or equal to 0"),
        ({"k": "1001"}, "k", "less than or equal to 1000"),
        ({"k": "ten"}, "k", "'k' is the text 'ten'; it should be a whole number."),
        ({"k": "9" * 5000}, "k", "it should be a whole number."),
        ({"k": ["1", "2"]}, "k", "'k' comes twice in the address; send it once."),
        ({"limit": "3"}, "limit", "'limit' is not a field of this request"),
        ({"category": "x" * 257}, "category", "at most 256 characters"),
    ],
)
def test_a_wrong_value_is_refused_with_its_field_and_a_sentence(query, field, words):
    answer = local().get("/v1/trending", params=query)
    error = answer.json()["error"]
    assert (answer.status_code, error["field"]) == (422, field)
    assert words in error["message"]


def test_an_engine_that_counts_nothing_says_so():
    answer = caller_of(small_engine()).get("/v1/trending")
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "invalid_value")
    assert "counts no events; train it again" in answer.json()["error"]["message"]


def test_a_bundle_from_before_counts_knows_what_happens_now():
    engine = counting_engine()
    caller = caller_of(replace(engine, stock=replace(engine.stock, counts=None)), keys=(KEY,), **{"X-API-Key": KEY})
    click(caller, "item-2")
    assert item_ids(caller, k=2) == ["item-2", "item-0"]


def test_the_route_is_open_as_recommendations_are():
    assert caller_of(counting_engine(), keys=(KEY,)).get("/v1/trending").status_code == 200
    for keys, code in (((), "no_key_set"), ((KEY,), "key_missing")):
        stranger = caller_of(counting_engine(), keys=keys, address="192.0.2.7")
        assert stranger.get("/v1/trending").json()["error"]["code"] == code


def test_the_description_holds_the_query_the_answer_and_the_refusals():
    route = local().get("/openapi.json").json()["paths"]["/v1/trending"]["get"]
    parameters = {each["name"]: each for each in route["parameters"]}
    assert {name: each["in"] for name, each in parameters.items()} == {"k": "query", "category": "query"}
    assert (parameters["k"]["schema"]["default"], parameters["category"]["schema"]["default"]) == (10, "")
    assert set(route["responses"]) == {"200", "401", "403", "404", "422"}
    assert route["responses"]["200"]["content"]["application/json"]["schema"]["$ref"].endswith("/TrendingResponse")
