import time

import numpy as np
import pytest

from tests.unit.serving.conftest import Caller, caller_of
from tests.unit.serving.small_engine import ALLOWED, ITEM_IDS, SilentState, small_engine
from winnow.api.recommendations import RecommendationRequest
from winnow.schema.stable_hash import stable_hashes
from winnow.serving.routes.recommendations_route import one_request

PATH = "/v1/recommendations"


def item_ids(client: Caller, **body) -> list[str]:
    answer = client.post(PATH, json=body)
    assert answer.status_code == 200, answer.text
    return [item["item_id"] for item in answer.json()["items"]]


def refusal(client: Caller, body: object) -> dict:
    answer = client.post(PATH, json=body)
    assert answer.status_code == 422, answer.text
    return answer.json()["error"]


def test_an_answer_names_itself_its_bundle_and_ranked_items_with_their_cards(client):
    answer = client.post(PATH, json={"user_id": "ann", "k": 2}, headers={"X-Request-Id": "mine-1"})
    assert answer.headers["x-request-id"] == "mine-1"
    body = answer.json()
    assert isinstance(body.pop("cursor"), str)
    assert body == {
        "request_id": "mine-1",
        "bundle": "small-20261121-0001",
        "degraded": [],
        "items": [
            {"item_id": "item-0", "rank": 1, "score": 8.0, "title": "Item 0", "seen": False, "price": 0.5},
            {"item_id": "item-1", "rank": 2, "score": 7.0, "title": "Item 1", "seen": False, "price": 1.5},
        ],
    }


def test_ten_items_are_wanted_unless_the_request_says_so(client):
    assert item_ids(client) == list(ALLOWED)
    assert one_request(small_engine(), RecommendationRequest(), "r", 2e9).k.tolist() == [10]


@pytest.mark.parametrize("body", [{}, {"user_id": None}, {"user_id": ""}, {"user_id": "never seen"}, {"context": {}}])
def test_nobody_in_particular_gets_an_answer(client, body):
    assert item_ids(client, **body, k=3) == list(ALLOWED[:3])


@pytest.mark.parametrize(
    ("body", "field", "words"),
    [
        ({"user_id": "ann", "session_id": "s"}, "session_id", "send PUT /v1/users/USER/sessions/SESSION once"),
        ({"user_id": "session:s"}, "user_id", "names that begin with 'session:' are those of sessions"),
        ({"session_id": 5}, "session_id", "it should be text in quotes"),
        ({"session_id": "x" * 257}, "session_id", "at most 256 characters"),
    ],
)
def test_a_visitor_goes_by_one_name(client, body, field, words):
    error = refusal(client, body)
    assert error["field"] == field
    assert words in error["message"]


@pytest.mark.parametrize("body", [{"session_id": None}, {"session_id": ""}, {"user_id": "", "session_id": "new"}])
def test_a_session_of_which_nothing_is_known_gets_an_answer(client, body):
    assert item_ids(client, **body, k=3) == list(ALLOWED[:3])


def test_no_item_is_answered_when_none_is_wanted(client):
    assert item_ids(client, k=0) == []


def test_all_items_that_may_be_shown_come_when_more_are_wanted_than_there_are(client):
    assert item_ids(client, k=1000) == list(ALLOWED)


def test_excluded_items_stay_away_and_unknown_ones_are_ignored(client):
    assert item_ids(client, k=3, exclude=["item-1", "no such item", "item-1"]) == ["item-0", "item-2", "item-3"]


@pytest.mark.parametrize(
    ("asked", "rows"),
    [
        ({"filters": {"colour": ["blue"]}}, [1, 3, 5]),
        ({"filters": {"price": {"max": 2.5}}}, [0, 1, 2]),
        ({"filters": {"colour": ["red"], "price": {"min": 2.5, "max": 4.5}}}, [2, 4]),
        ({"filters": {"price": {"min": 6}}}, [6]),
        ({"filters": {"colour": ["green"]}}, []),
        ({"filters": {}, "allow": None}, [0, 1, 2]),
        ({"allow": ["item-5", "item-7", "no such item", "item-6"]}, [5, 6]),
        ({"allow": []}, []),
        ({"allow": ["item-5", "item-6"], "filters": {"colour": ["red"]}}, [6]),
    ],
)
def test_only_items_that_fit_come_back_and_k_of_them_where_there_are_k(client, asked, rows):
    assert item_ids(client, k=3, **asked) == [f"item-{row}" for row in rows]


def test_nothing_is_left_when_all_is_excluded(client):
    assert item_ids(client, exclude=list(ITEM_IDS)) == []


def test_seen_items_come_back_flagged_when_nothing_else_may_be_shown(client):
    events = [{"user_id": "ann", "item_id": each, "type": "click"} for each in ITEM_IDS[:6]]
    assert client.post("/v1/events", json={"events": events}).json()["accepted"] == 6
    items = client.post(PATH, json={"user_id": "ann", "k": 3}).json()["items"]
    assert [(item["item_id"], item["seen"]) for item in items] == [
        ("item-6", False),
        ("item-0", True),
        ("item-1", True),
    ]


def test_an_answer_says_which_stage_was_skipped():
    client = caller_of(small_engine(state=SilentState()))
    answer = client.post(PATH, json={"k": 1})
    assert answer.status_code == 200
    assert answer.json()["degraded"] == ["state"]
    assert 'winnow_degraded_total{stage="state"}' in client.get("/metrics").text


@pytest.mark.parametrize(
    ("body", "field", "words"),
    [
        ({"user_id": 12}, "user_id", "'user_id' is 12; it should be text in quotes."),
        ({"user_id": "u" * 257}, "user_id", "at most 256 characters"),
        ({"k": "ten"}, "k", "'k' is the text 'ten'; it should be a whole number."),
        ({"k": -1}, "k", "greater than or equal to 0"),
        ({"k": 1001}, "k", "less than or equal to 1000"),
        ({"k": True}, "k", "'k' is true; it should be a whole number."),
        ({"k": None}, "k", "'k' is null; it should be a whole number."),
        ({"k": 1.5}, "k", "'k' is 1.5; it should be a whole number."),
        ({"exclude": "item-1"}, "exclude", "it should be an array"),
        ({"exclude": ["item-1", 7]}, "exclude[1]", "'exclude[1]' is 7; it should be text in quotes."),
        ({"exclude": ["i"] * 10_001}, "exclude", "at most 10000 items"),
        ({"allow": "item-1"}, "allow", "it should be an array"),
        ({"allow": [1]}, "allow[0]", "'allow[0]' is 1; it should be text in quotes."),
        ({"allow": ["i"] * 10_001}, "allow", "at most 10000 items"),
        ({"filters": ["colour"]}, "filters", "'filters' is an array of 1; it should be an object."),
        ({"context": []}, "context", "'context' is an array of 0; it should be an object."),
        ({"context": {"timestamp": "now"}}, "context.timestamp", "UTC seconds as a number"),
        ({"context": {"timestamp": 1.8e12}}, "context.timestamp", "divide by 1000"),
        ({"exclud": []}, "exclud", "'exclud' is not a field of this request"),
    ],
)
def test_a_wrong_value_is_refused_with_its_field_and_a_sentence(client, body, field, words):
    error = refusal(client, body)
    assert (error["code"], error["field"]) == ("invalid_value", field)
    assert words in error["message"]


@pytest.mark.parametrize(
    ("filters", "words"),
    [
        ({"size": [1]}, "Items cannot be filtered by 'size'; the bundle that answers has: colour, price."),
        ({"colour": "red"}, "The filter 'colour' is 'red'; a list of texts or numbers is wanted"),
        ({"colour": [["red"]]}, "a list of texts or numbers is wanted"),
        ({"price": 5}, "The filter 'price' is 5; an object with 'min', 'max' or both is wanted"),
        ({"price": {"max": "5"}}, "'min' and 'max' are numbers"),
        ({"price": {"min": 2, "max": 1}}, "'min' is above 'max'"),
        ({"price": None}, "The filter 'price' is None"),
    ],
)
def test_a_wrong_filter_is_refused_with_a_sentence(client, filters, words):
    assert words in refusal(client, {"filters": filters})["message"]


def test_a_wrong_context_column_is_refused_by_name(client):
    assert "device_type" in refusal(client, {"context": {"device_type": ["phone"]}})["message"]


@pytest.mark.parametrize("name", ["devise_type", "at", "hour", "user_id", "", "t" * 60])
def test_a_context_name_that_the_bundle_does_not_know_is_refused_with_those_that_it_does(client, name):
    error = refusal(client, {"context": {"device_type": "phone", name: 1}})
    assert (error["code"], error["field"]) == ("invalid_value", f"context.{name}")
    assert error["message"] == (
        f"'context.{name}' is not known to the bundle that answers; "
        "its context takes: device_type, timestamp (the instant of asking)."
    )


def test_a_long_unknown_name_is_cut(client):
    assert refusal(client, {"context": {"t" * 5000: 1}})["field"] == "context." + "t" * 60


def test_a_body_that_is_no_object_is_refused(client):
    error = refusal(client, [1, 2])
    assert error["message"] == "The body is an array of 2; it should be an object."
    assert "field" not in error


def test_a_request_becomes_one_row_of_what_the_pipeline_takes():
    asked = RecommendationRequest(user_id="ann", k=4, exclude=["item-2", "?"], context={"timestamp": 1_700_000_000})
    requests = one_request(small_engine(), asked, "r-1", now=1_800_000_000.0)
    assert (requests.request_ids, requests.user_ids) == (("r-1",), ("ann",))
    assert requests.at.tolist() == [1_700_000_000.0]
    assert requests.k.tolist() == [4]
    assert requests.exclude.row(0).tolist() == [2]
    np.testing.assert_array_equal(requests.seeds, stable_hashes(["r-1"]))
    assert asked.context == {"timestamp": 1_700_000_000}, "the caller's own value is left alone"


def test_the_clock_of_the_service_stands_in_for_a_missing_timestamp():
    assert one_request(small_engine(), RecommendationRequest(), "r", now=1_800_000_000.0).at.tolist() == [1.8e9]


def test_what_a_user_did_later_does_not_count_for_an_earlier_instant(client):
    now = int(time.time())
    client.post("/v1/events", json={"events": [{"user_id": "ann", "item_id": "item-0", "type": "click"}]})
    assert item_ids(client, user_id="ann", k=1) == ["item-1"]
    yesterday = {"timestamp": now - 86_400}
    assert item_ids(client, user_id="ann", k=1, context=yesterday) == ["item-0"], "what was seen is known by the day"
