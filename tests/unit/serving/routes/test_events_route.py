import time

import pytest

from tests.unit.serving.conftest import Caller
from tests.unit.serving.small_engine import small_engine
from winnow.api.events import EventsRequest, VisitorEvent
from winnow.serving.routes.events_route import checked_events
from winnow.serving.routes.json_body import ApiError

PATH = "/v1/events"
CLICK = {"user_id": "ann", "item_id": "item-0", "type": "click"}


def first_item(client: Caller, user_id: str) -> str:
    answer = client.post("/v1/recommendations", json={"user_id": user_id, "k": 1})
    return answer.json()["items"][0]["item_id"]


def test_a_click_changes_the_next_answer_of_its_user_and_of_nobody_else(client):
    assert first_item(client, "ann") == "item-0"
    answer = client.post(PATH, json={"events": [CLICK]})
    assert (answer.status_code, answer.json()) == (200, {"accepted": 1, "duplicates": 0})
    assert first_item(client, "ann") == "item-1"
    assert first_item(client, "bob") == "item-0"


def test_an_event_that_comes_twice_counts_once(client):
    twice = [{**CLICK, "event_id": "e1"}, {**CLICK, "event_id": "e1"}]
    assert client.post(PATH, json={"events": twice}).json() == {"accepted": 1, "duplicates": 1}
    assert client.post(PATH, json={"events": twice[:1]}).json() == {"accepted": 0, "duplicates": 1}


def test_events_without_an_id_are_all_different(client):
    assert client.post(PATH, json={"events": [CLICK, CLICK]}).json() == {"accepted": 2, "duplicates": 0}


def test_no_events_are_no_mistake(client):
    assert client.post(PATH, json={"events": []}).json() == {"accepted": 0, "duplicates": 0}


@pytest.mark.parametrize(
    ("wrong", "field", "words"),
    [
        ({"item_id": "no such"}, "events[1].item_id", "is the text 'no such'; the catalogue has no such item."),
        ({"item_id": 5}, "events[1].item_id", "it should be text in quotes"),
        ({"type": "bought"}, "events[1].type", "'bought'; it should be 'impression', 'view', 'click'"),
        ({"user_id": ""}, "events[1].user_id", "at least 1 character"),
        ({"user_id": 5}, "events[1].user_id", "it should be text in quotes"),
        ({"user_id": "x" * 257}, "events[1].user_id", "at most 256 characters"),
        ({"user_id": None}, "events[1].user_id", "is missing, and so is 'events[1].session_id'"),
        ({"user_id": None, "session_id": ""}, "events[1].session_id", "at least 1 character"),
        ({"user_id": None, "session_id": "x" * 257}, "events[1].session_id", "at most 256 characters"),
        ({"session_id": ["s"]}, "events[1].session_id", "it should be text in quotes"),
        ({"session_id": "s"}, "events[1].session_id", "send PUT /v1/users/USER/sessions/SESSION once"),
        ({"user_id": "session:3"}, "events[1].user_id", "names that begin with 'session:' are those of sessions"),
        ({"request_id": "x" * 257}, "events[1].request_id", "at most 256 characters"),
        ({"request_id": None}, "events[1].request_id", "it should be text in quotes"),
        ({"event_id": ""}, "events[1].event_id", "at least 1 character"),
        ({"timestamp": "today"}, "events[1].timestamp", "it should be a number"),
        ({"timestamp": 1.7e12}, "events[1].timestamp", "milliseconds"),
        ({"timestamp": 5}, "events[1].timestamp", "after 1995"),
        ({"timestamp": time.time() + 86_400}, "events[1].timestamp", "in the future"),
        ({"price": 5}, "events[1].price", "is not a field of this request"),
    ],
)
def test_one_wrong_event_refuses_the_batch_and_nothing_is_stored(client, wrong, field, words):
    answer = client.post(PATH, json={"events": [CLICK, {**CLICK, **wrong}]})
    error = answer.json()["error"]
    assert (answer.status_code, error["field"]) == (422, field)
    assert words in error["message"]
    assert first_item(client, "ann") == "item-0"


def test_a_missing_field_is_named_beside_the_one_that_is_none(client):
    answer = client.post(PATH, json={"events": [{"user_id": "ann", "item": "item-0", "type": "click"}]})
    assert answer.json()["error"]["message"].startswith(
        "'events[0].item_id' is missing. 'events[0].item' is not a field of this request; "
    )


def test_a_thousand_events_are_taken_and_one_more_is_not(client):
    assert client.post(PATH, json={"events": [CLICK] * 1000}).json() == {"accepted": 1000, "duplicates": 0}
    assert "at most 1000 items" in client.post(PATH, json={"events": [CLICK] * 1001}).json()["error"]["message"]


def test_a_clock_that_is_somewhat_ahead_is_taken_as_now(client):
    client.post(PATH, json={"events": [{**CLICK, "timestamp": time.time() + 600}]})
    assert first_item(client, "ann") == "item-1"


def test_events_happen_when_they_say_and_now_when_they_do_not():
    reported = EventsRequest(
        events=[
            VisitorEvent(user_id="ann", item_id="item-0", type="click", timestamp=1_700_000_000),
            VisitorEvent(user_id="ann", item_id="item-1", type="view"),
        ]
    )
    events = checked_events(small_engine().catalogue.is_allowed, reported, now=1_800_000_000.0)
    assert [event.at for event in events] == [1_700_000_000.0, 1_800_000_000.0]
    assert [event.event_id for event in events] == [event.event_id for event in reported.events]


def test_an_event_carries_its_visitor_and_the_answer_that_showed_the_item():
    reported = EventsRequest(
        events=[
            VisitorEvent(user_id="ann", item_id="item-0", type="click", request_id="r1"),
            VisitorEvent(session_id="s1", item_id="item-0", type="click"),
        ]
    )
    events = checked_events(small_engine().catalogue.is_allowed, reported, now=1_800_000_000.0)
    assert [(event.user_id, event.request_id) for event in events] == [("ann", "r1"), ("session:s1", "")]


def test_an_unknown_item_names_its_place_among_the_events():
    events = [VisitorEvent(user_id="ann", item_id=each, type="view") for each in ("item-0", "item-9")]
    with pytest.raises(ApiError, match=r"events\[1\].item_id"):
        checked_events(small_engine().catalogue.is_allowed, EventsRequest(events=events), now=1_800_000_000.0)
