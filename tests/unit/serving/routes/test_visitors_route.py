import time

import pytest

from tests.unit.serving.conftest import KEY, Caller, caller_of
from tests.unit.serving.small_engine import ALLOWED, SilentState, small_engine
from tests.unit.serving.visitor_calls import (
    ASK,
    EVENTS,
    FORGET,
    MERGE,
    ROUTES,
    SESSION,
    STATE,
    answered,
    click,
    item_ids,
    opened,
    tell,
)
from winnow.api.limits import MAX_SHOWN_EVENTS


@pytest.fixture
def shop() -> Caller:
    return opened()


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_the_routes_are_shut_until_a_key_is_set_and_then_want_one(method, path):
    shut = caller_of(small_engine()).call(method, path)
    assert (shut.status_code, shut.json()["error"]["code"]) == (403, "no_key_set")
    locked = caller_of(small_engine(), keys=(KEY,)).call(method, path)
    assert (locked.status_code, locked.json()["error"]["code"]) == (401, "key_missing")


@pytest.mark.parametrize(("method", "path"), [*ROUTES, ("POST", EVENTS)])
def test_a_store_that_does_not_answer_is_a_503_that_says_when_to_come_again(method, path):
    answer = opened(small_engine(state=SilentState())).call(
        method, path, json={"events": [click("item-0", user_id="a")]}
    )
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
    assert answer.json()["error"] == {"code": "unavailable", "message": "The state store does not answer."}


@pytest.mark.parametrize("who", [{"user_id": "ann"}, {"session_id": "s1"}, {}])
def test_recommendations_never_fail_for_a_silent_store(who):
    answer = opened(small_engine(state=SilentState())).post(ASK, json={**who, "k": 3})
    assert (answer.status_code, answer.json()["degraded"]) == (200, ["state"])
    assert len(answer.json()["items"]) == 3


def test_a_session_is_known_by_what_it_did_and_no_user_of_that_id_is(shop):
    tell(shop, click("item-0", session_id="s1"))
    assert item_ids(shop, session_id="s1") == ["item-1", "item-2", "item-3"]
    assert item_ids(shop, user_id="s1") == item_ids(shop) == item_ids(shop, session_id="") == list(ALLOWED[:3])


def test_after_a_login_the_very_next_answer_knows_what_the_session_did(shop):
    for number in (2, 3, 4):
        tell(shop, click(f"item-{number}", session_id="s1"))
    tell(shop, click("item-5", "dismiss", session_id="s1"), click("item-1", user_id="ann"))
    assert answered(shop, "PUT", MERGE) == {"user_id": "ann", "session_id": "s1", "events": 4}
    assert item_ids(shop, k=2, user_id="ann") == ["item-5", "item-6"], "in this shop clicks alone hide an item"
    events = answered(shop, "GET", STATE)["events"]
    assert [each["item_id"] for each in events] == ["item-5", "item-1", "item-4", "item-3", "item-2", None, "item-0"]
    assert answered(shop, "GET", SESSION)["events"] == []
    assert item_ids(shop, session_id="s1") == list(ALLOWED[:3])
    assert answered(shop, "PUT", MERGE)["events"] == 0


@pytest.mark.parametrize("late", [False, True])
def test_a_click_of_long_ago_counts_like_another(shop, late):
    tell(shop, {**click("item-0", session_id="s1"), "timestamp": time.time() - late * 86_400 * 300})
    answered(shop, "PUT", "/v1/users/bob/sessions/s1")
    assert item_ids(shop, user_id="bob") == ["item-1", "item-2", "item-3"]


def test_a_cursor_belongs_to_the_visitor_whether_user_or_session(shop):
    def cursor(**who: str) -> str:
        return shop.post(ASK, json={**who, "k": 2}).json()["cursor"]

    for whose, others in (("user_id", "session_id"), ("session_id", "user_id")):
        given_ = cursor(**{whose: "x"})
        assert shop.post(ASK, json={whose: "x", "k": 2, "cursor": given_}).status_code == 200
        for who in ({others: "x"}, {}, {whose: "y"}):
            refused = shop.post(ASK, json={**who, "k": 2, "cursor": given_})
            assert (refused.status_code, refused.json()["error"]["code"]) == (422, "cursor_invalid")
            assert "another visitor" in refused.json()["error"]["message"]


def test_all_that_is_known_of_a_user_is_shown(shop):
    tell(
        shop, {**click("item-4", user_id="ann"), "timestamp": time.time() - 60}, click("item-2", "view", user_id="ann")
    )
    state = answered(shop, "GET", STATE)
    view, clicked, *past = state.pop("events")
    assert state == {
        "bundle": "small-20261121-0001",
        "user_id": "ann",
        "session_id": None,
        "forgotten": False,
        "events_known": 4,
        "seen": {"items": 2, "item_ids": ["item-0", "item-4"], "bitmap_bytes": state["seen"]["bitmap_bytes"]},
        "past_events": 2,
        "features": {"country": "FR", "age": 31.0, "orders": "1 to below 5"},
    }
    assert 0 < state["seen"]["bitmap_bytes"][0] <= 400
    assert (view["item_id"], view["title"], view["type"]) == ("item-2", "Item 2", "view")
    assert (clicked["item_id"], round(clicked["age_s"])) == ("item-4", 60)
    assert abs(clicked["timestamp"] - (time.time() - 60)) < 5
    assert [(each["item_id"], each["title"], each["timestamp"]) for each in past] == [
        (None, None, 1.6e9),
        ("item-0", "Item 0", 1.6e9),
    ]


@pytest.mark.parametrize("path", ["/v1/users/nobody/state", "/v1/sessions/nobody/state"])
def test_of_a_stranger_nothing_is_known(shop, path):
    state = answered(shop, "GET", path)
    who = ("nobody", None) if "users" in path else (None, "nobody")
    assert (state["user_id"], state["session_id"]) == who
    assert (state["events"], state["events_known"], state["past_events"], state["features"]) == ([], 0, 0, {})
    assert state["seen"] == {"items": 0, "item_ids": [], "bitmap_bytes": []}
    assert state["forgotten"] is False


def test_what_bitmaps_alone_remember_is_counted_and_has_no_name(shop):
    tell(shop, click("item-3", user_id="ann"), *[click("item-4", user_id="ann")] * 50)
    seen = answered(shop, "GET", STATE)["seen"]
    assert (seen["items"], seen["item_ids"]) == (3, ["item-0", "item-4"])


def test_no_more_than_the_last_events_are_shown(shop):
    for type in ("impression", "view", "click", "cart", "purchase", "dismiss"):
        tell(shop, *[click("item-4", type, user_id="ann")] * 50)
    state = answered(shop, "GET", STATE)
    assert (state["events_known"], len(state["events"])) == (302, MAX_SHOWN_EVENTS)
    assert state["events"][0]["type"] == "dismiss"


def test_events_of_the_types_that_are_asked_for_are_found_behind_all_others(shop):
    tell(shop, click("item-1", user_id="ann"), click("item-2", "cart", user_id="ann"))
    for type in ("impression", "view", "dismiss", "purchase"):
        tell(shop, *[click("item-4", type, user_id="ann")] * 50)
    assert {"click", "cart"}.isdisjoint(each["type"] for each in answered(shop, "GET", STATE)["events"])
    state = answered(shop, "GET", f"{STATE}?types=cart,click")
    assert [each["item_id"] for each in state["events"]] == ["item-2", "item-1", None, "item-0"]
    assert answered(shop, "GET", f"{STATE}?types=")["events_known"] == state["events_known"] == 204


def test_what_is_no_type_of_event_is_refused_with_those_that_are(shop):
    answer = shop.get(STATE, params={"types": "click,glance"})
    assert (answer.status_code, answer.json()["error"]["field"]) == (422, "types")
    assert answer.json()["error"]["message"].startswith("'types' names 'glance'; the types of events are: ")


def test_after_a_reset_what_training_knew_goes_on_to_count(shop):
    tell(shop, click("item-1", user_id="ann"))
    assert item_ids(shop, user_id="ann") == ["item-2", "item-3", "item-4"]
    assert answered(shop, "DELETE", STATE) == {"user_id": "ann", "events": 1, "past_events": 2}
    assert item_ids(shop, user_id="ann") == ["item-1", "item-2", "item-3"]
    assert answered(shop, "DELETE", STATE) == {"user_id": "ann", "events": 0, "past_events": 2}
    assert answered(shop, "GET", STATE)["events_known"] == 2


def test_who_is_forgotten_is_a_stranger_at_once_and_reads_where_rows_still_lie(shop):
    tell(shop, click("item-1", user_id="ann"))
    receipt = {"user_id": "ann", "log_rows": None, "features": None, "still_in": "small-20261121-0001"}
    assert answered(shop, "DELETE", FORGET) == {**receipt, "events": 1, "past_events": 2}
    assert item_ids(shop, user_id="ann") == item_ids(shop)
    assert answered(shop, "DELETE", FORGET) == {**receipt, "events": 0, "past_events": 0}
    state = answered(shop, "GET", STATE)
    assert (state["forgotten"], state["events"], state["past_events"]) == (True, [], 2)
    assert state["seen"] == {"items": 0, "item_ids": [], "bitmap_bytes": []}
    assert answered(shop, "DELETE", STATE) == {"user_id": "ann", "events": 0, "past_events": 0}


def test_who_was_forgotten_and_comes_back_begins_anew(shop):
    answered(shop, "DELETE", FORGET)
    tell(shop, click("item-2", session_id="s1"))
    answered(shop, "PUT", MERGE)
    assert item_ids(shop, user_id="ann") == ["item-0", "item-1", "item-3"]
    assert answered(shop, "DELETE", FORGET)["events"] == 1


def test_the_bundle_holds_nothing_of_who_came_later(shop):
    tell(shop, click("item-2", user_id="bob"))
    receipt = answered(shop, "DELETE", "/v1/users/bob")
    nothing = {"past_events": 0, "log_rows": None, "features": None, "still_in": None}
    assert receipt == {"user_id": "bob", "events": 1, **nothing}
