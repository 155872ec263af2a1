import numpy as np
import pytest

from tests.unit.serving.conftest import Caller, caller_of
from tests.unit.serving.late_engine import SKIPPED, late_caller
from tests.unit.serving.small_engine import ITEM_IDS, SilentState, small_engine
from winnow.pipeline.stage import score_stage

PATH = "/v1/score"


def scored(client: Caller, **body) -> dict:
    answer = client.post(PATH, json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_items_come_back_best_first_with_their_cards_and_what_would_keep_them_out(client):
    client.post("/v1/events", json={"events": [{"user_id": "ann", "item_id": "item-2", "type": "click"}]})
    answer = client.post(
        PATH,
        json={
            "user_id": "ann",
            "items": ["item-7", "item-2", "no such item", "item-6", "item-0", "item-2"],
            "exclude": ["item-0"],
            "filters": {"colour": ["red"]},
        },
        headers={"X-Request-Id": "mine-1"},
    )
    body = answer.json()
    assert {name: body[name] for name in ("request_id", "bundle", "degraded", "unknown")} == {
        "request_id": "mine-1",
        "bundle": "small-20261121-0001",
        "degraded": [],
        "unknown": ["no such item"],
    }
    told = [
        (each["item_id"], each["rank"], each["score"], each["seen"], each["allowed"], each["removed_by"])
        for each in body["items"]
    ]
    assert told == [
        ("item-0", 1, 8.0, False, True, ["exclude"]),
        ("item-2", 2, 6.0, True, True, ["seen"]),
        ("item-6", 3, 2.0, False, True, []),
        ("item-7", 4, 1.0, False, False, ["allowed", "wanted"]),
    ]
    assert [each["proposed_by"] for each in body["items"]] == [
        ["popular"],
        ["popular"],
        ["popular"],
        [],
    ], "few are left, so that popularity was asked for more"
    assert (body["items"][0]["title"], body["items"][0]["price"]) == ("Item 0", 0.5)


def test_a_session_is_a_visitor_too(client):
    client.post("/v1/events", json={"events": [{"session_id": "s", "item_id": "item-2", "type": "click"}]})
    assert [each["seen"] for each in scored(client, session_id="s", items=["item-2"])["items"]] == [True]
    assert [each["seen"] for each in scored(client, items=["item-2"])["items"]] == [False]


def test_no_item_at_all_is_known(client):
    answer = scored(client, items=["a", "b", "a"])
    assert (answer["items"], answer["unknown"]) == ([], ["a", "b"])


class Dumb:
    """Has no number for some items."""

    def score(self, requests, candidates):
        return np.where(candidates.item_rows == 1, np.nan, candidates.item_rows).astype(np.float32)


def test_an_item_without_a_number_comes_last():
    client = caller_of(small_engine(ranking=(score_stage("rank", Dumb()),)))
    answer = scored(client, items=list(ITEM_IDS[:3]))
    assert [(each["item_id"], each["score"]) for each in answer["items"]] == [
        ("item-2", 2.0),
        ("item-0", 0.0),
        ("item-1", None),
    ]


def test_a_store_that_does_not_answer_is_named():
    assert scored(caller_of(small_engine(state=SilentState())), items=["item-1"])["degraded"] == ["state"]


@pytest.mark.parametrize(
    ("body", "field", "words"),
    [
        ({}, "items", "'items' is missing."),
        ({"items": []}, "items", "at least 1 item"),
        ({"items": ["i"] * 1001}, "items", "at most 1000 items"),
        ({"items": ["item-1", 7]}, "items[1]", "'items[1]' is 7; it should be text in quotes."),
        ({"items": ["item-1"], "user_id": "a", "session_id": "b"}, "session_id", "a visitor goes by one of them"),
        ({"items": ["item-1"], "context": {"x": 1}}, "context.x", "is not known to the bundle that answers"),
        ({"items": ["item-1"], "diversity": 0.5}, "diversity", "is not a field of this request"),
    ],
)
def test_a_wrong_value_is_refused_with_its_field_and_a_sentence(client, body, field, words):
    answer = client.post(PATH, json=body)
    assert answer.status_code == 422
    error = answer.json()["error"]
    assert error["field"] == field
    assert words in error["message"]


@pytest.mark.parametrize(
    ("own_ms", "asked", "skipped"), [(0, {}, []), (200, {}, SKIPPED), (0, {"budget_ms": 5}, SKIPPED)]
)
def test_time_that_is_spent_is_told_and_all_items_are_held_to_one_measure(own_ms, asked, skipped):
    # item-7 may not be recommended, so that no answer has a score of it.
    answer = scored(late_caller(own_ms), items=["item-0", "item-1", "item-7"], k=2, **asked)
    assert answer["degraded"] == skipped
    order = ["item-0", "item-1", "item-7"]
    assert [each["item_id"] for each in answer["items"]] == (order[::-1] if skipped else order)
