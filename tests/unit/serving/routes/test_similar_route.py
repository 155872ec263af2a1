from dataclasses import replace
from urllib.parse import quote

import numpy as np
import pytest

from tests.unit.serving.conftest import KEY, Caller, caller_of
from tests.unit.serving.small_engine import small_engine
from winnow.engine.engine import Engine
from winnow.pipeline.catalogue import Catalogue

IDS = ("a", "b", "c/d", "c/d/similar", "similar", "gone")
BEHAVIOUR = [[1, 0], [1, 0], [0.8, 0.6], [0, 1], [-1, 0], [1, 0]]
PICTURE = [[0, 1], [1, 0], [0, 0], [0, 1], [0.6, 0.8], [0, 1]]


def engine() -> Engine:
    size = len(IDS)
    catalogue = Catalogue(
        item_ids=IDS,
        codes=np.zeros((size, 0), np.int32),
        values=np.zeros((size, 0), np.float32),
        vectors={"picture": np.array(PICTURE, np.float32)},
        tower=np.array(BEHAVIOUR, np.float32),
        cards=[{"title": each.upper(), "price": 2, "parts": "a card column"} for each in IDS],
        allowed=np.array([each != "gone" for each in IDS]),
    )
    return replace(small_engine(), catalogue=catalogue)


LOCAL = caller_of(engine())


def asked(item_id: str, caller: Caller = LOCAL, **query):
    return caller.get(f"/v1/items/{quote(item_id, safe='')}/similar", params=query)


def item_ids(item_id: str, **query) -> list[str]:
    answer = asked(item_id, **query)
    assert answer.status_code == 200, answer.text
    return [item["item_id"] for item in answer.json()["items"]]


def refusal(item_id: str, **query) -> tuple[int, str, str]:
    answer = asked(item_id, **query)
    error = answer.json()["error"]
    return answer.status_code, error["field"], error["message"]


def test_an_answer_names_itself_its_bundle_what_counted_and_ranked_items_with_their_cards():
    answer = LOCAL.get(
        "/v1/items/a/similar", params={"k": 2, "by": "behaviour:3,picture"}, headers={"X-Request-Id": "mine-1"}
    )
    assert answer.headers["x-request-id"] == "mine-1"
    assert answer.json() == {
        "request_id": "mine-1",
        "bundle": "small-20261121-0001",
        "item_id": "a",
        "by": {"behaviour": 0.75, "picture": 0.25},
        "missing": [],
        "items": [
            {
                "item_id": "b", "rank": 1, "score": 0.75, "title": "B", "price": 2,
                "parts": {"behaviour": 1.0, "picture": 0.0},
            },
            {
                "item_id": "c/d", "rank": 2, "score": 0.6, "title": "C/D", "price": 2,
                "parts": {"behaviour": 0.8, "picture": 0.0},
            },
        ],
    }  # fmt: skip


def test_ten_items_by_behaviour_are_wanted_unless_the_address_says_so():
    answer = asked("a").json()
    assert (answer["by"], answer["missing"]) == ({"behaviour": 1.0}, [])
    assert [item["item_id"] for item in answer["items"]] == ["b", "c/d", "c/d/similar", "similar"]
    assert item_ids("a", k=0) == []
    assert item_ids("a", k=1000) == item_ids("a")


def test_a_part_alone_has_weight_one():
    assert item_ids("a", by="picture", k=2) == item_ids("a", by="picture:9", k=2) == ["c/d/similar", "similar"]


def test_what_the_item_lacks_does_not_count_and_is_named():
    answer = asked("c/d", by="picture:0.9,behaviour:0.1").json()
    assert (answer["by"], answer["missing"]) == ({"behaviour": 1.0}, ["picture"])
    assert all(list(item["parts"]) == ["behaviour"] for item in answer["items"])
    sentence = "The item 'c/d' has no 'picture', so that nothing can be like it in that; ask by what it has: behaviour."
    assert refusal("c/d", by="picture") == (422, "by", sentence)


@pytest.mark.parametrize("item_id", ["nothing", "gone", "", "a/similar", "x" * 300])
def test_what_is_not_there_or_was_withdrawn_is_not_found(item_id):
    answer = asked(item_id)
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "no_such_item")
    assert answer.json()["error"]["message"].startswith(f"No item has the text '{item_id[:60]}'")


@pytest.mark.parametrize(
    ("query", "field", "words"),
    [
        ({"k": "-1"}, "k", "greater than or equal to 0"),
        ({"k": "1001"}, "k", "less than or equal to 1000"),
        ({"k": "ten"}, "k", "'k' is the text 'ten'; it should be a whole number."),
        ({"k": "1.5"}, "k", "'k' is the text '1.5'; it should be a whole number."),
        ({"k": ""}, "k", "'k' is the text ''; it should be a whole number."),
        ({"k": "9" * 5000}, "k", "it should be a whole number."),
        ({"k": ["1", "2"]}, "k", "'k' comes twice in the address; send it once."),
        ({"limit": "3"}, "limit", "'limit' is not a field of this request; /openapi.json lists those that are."),
        ({"by": ""}, "by", "Items cannot be compared by ''; they can by: behaviour, picture."),
        ({"by": "colour"}, "by", "Items cannot be compared by 'colour'; they can by: behaviour, picture."),
        ({"by": "picture,picture"}, "by", "'picture' comes twice in 'by'"),
        ({"by": "picture:-0.5"}, "by", "The weight of 'picture' is -0.5; a weight is a number of 0 or more."),
        ({"by": "picture:nan"}, "by", "The weight of 'picture' is nan"),
        ({"by": "picture:1e999"}, "by", "The weight of 'picture' is inf"),
        ({"by": "picture:much"}, "by", "The weight of 'picture' is 'much'"),
        ({"by": "picture:0,behaviour:0"}, "by", "No part has a weight above 0"),
    ],
)
def test_a_wrong_value_is_refused_with_its_field_and_a_sentence(query, field, words):
    status, said, sentence = refusal("a", **query)
    assert (status, said) == (422, field)
    assert words in sentence


def test_ids_hold_slashes_and_even_the_end_of_the_address():
    guarded = caller_of(engine(), keys=(KEY,), Authorization=f"Bearer {KEY}")
    assert item_ids("c/d", k=1) == ["a"]
    assert LOCAL.get("/v1/items/c/d/similar", params={"k": 1}).json()["item_id"] == "c/d"
    assert asked("c/d/similar", k=1).json()["item_id"] == "c/d/similar"
    assert asked("similar", k=1).json()["item_id"] == "similar"
    for item_id in ("similar", "c/d/similar"):
        answer = guarded.get(f"/v1/items/{quote(item_id, safe='')}")
        assert (answer.status_code, answer.json()["item_id"], "card" in answer.json()) == (200, item_id, True)


def test_the_card_of_an_item_whose_id_ends_so_is_open_as_all_cards_are():
    assert LOCAL.get("/v1/items/c%2Fd%2Fsimilar").json()["item_id"] == "c/d/similar"
    stranger = caller_of(engine(), keys=(KEY,), address="192.0.2.7")
    assert stranger.get("/v1/items/c%2Fd%2Fsimilar").json()["error"]["code"] == "key_missing"


def test_the_route_is_open_as_recommendations_are():
    assert asked("a", caller_of(engine(), keys=(KEY,))).status_code == 200
    for keys, code in (((), "no_key_set"), ((KEY,), "key_missing")):
        stranger = caller_of(engine(), keys=keys, address="192.0.2.7")
        assert asked("a", stranger).json()["error"]["code"] == code
        assert asked("nothing", stranger).json()["error"]["code"] == code
    assert asked("a", caller_of(engine(), keys=(KEY,), address="192.0.2.7", **{"X-API-Key": KEY})).status_code == 200


def test_requests_are_counted_by_route_and_status_and_no_id_is_a_label():
    caller = caller_of(engine())
    asked("a", caller)
    asked("a-private-name", caller)
    text = caller.get("/metrics").text
    for status in (200, 404):
        counted = f'winnow_request_seconds_count{{route="/v1/items/{{item_id:path}}/similar",status="{status}"}} 1.0'
        assert counted in text
    assert "a-private-name" not in text


def test_the_description_holds_the_query_the_answer_and_the_refusals():
    route = LOCAL.get("/openapi.json").json()["paths"]["/v1/items/{item_id}/similar"]["get"]
    parameters = {each["name"]: each for each in route["parameters"]}
    assert {name: each["in"] for name, each in parameters.items()} == {"item_id": "path", "k": "query", "by": "query"}
    assert parameters["k"]["schema"]["default"] == 10
    assert parameters["by"]["schema"]["default"] == "behaviour"
    assert set(route["responses"]) == {"200", "401", "403", "404", "422"}
    assert route["responses"]["422"]["content"]["application/json"]["schema"]["$ref"].endswith("/ErrorResponse")
    assert route["responses"]["200"]["content"]["application/json"]["schema"]["$ref"].endswith("/SimilarResponse")
