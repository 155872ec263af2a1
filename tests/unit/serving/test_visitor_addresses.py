"""Ids in addresses: every address means one visitor, or nothing."""

from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.serving.conftest import Caller
from tests.unit.serving.visitor_calls import FORGET, MERGE, SESSION, STATE, answered, click, opened, tell

ODD_IDS = [
    "a/b",
    "/",
    "//",
    "ann/state",
    "state",
    "ann/sessions/s1",
    "a%2Fb",
    "%",
    "a b?c#d",
    "\x00",
    "\n",
    "Ä\U0001f600",
    "...",
    "x" * 256,
]


@pytest.fixture
def shop() -> Caller:
    return opened()


def user(user_id: str, rest: str = "") -> str:
    return f"/v1/users/{quote(user_id, safe='')}{rest}"


@pytest.mark.parametrize("name", ODD_IDS)
def test_an_id_may_hold_anything_and_every_address_means_one_visitor(shop, name):
    tell(shop, click("item-0", session_id=name), click("item-1", user_id=name), click("item-2", user_id="ann"))
    quoted = quote(name, safe="")
    merged = answered(shop, "PUT", user(name, f"/sessions/{quoted}"))
    assert merged == {"user_id": name, "session_id": name, "events": 1}
    assert answered(shop, "GET", f"/v1/sessions/{quoted}/state")["session_id"] == name
    assert answered(shop, "GET", user(name, "/state"))["events_known"] == 2
    assert answered(shop, "DELETE", user(name, "/state"))["events"] == 2
    assert answered(shop, "GET", user(name, "/state"))["forgotten"] is False
    assert answered(shop, "DELETE", user(name))["user_id"] == name
    assert answered(shop, "GET", user(name, "/state"))["forgotten"] is True
    ann = answered(shop, "GET", STATE)
    assert (ann["events_known"], ann["forgotten"]) == (3, False)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PUT", "/v1/users//sessions/s1"),
        ("PUT", "/v1/users/ann/sessions/"),
        ("PUT", "/v1/users/ann/sessions/a/b"),
        ("GET", "/v1/users//state"),
        ("GET", "/v1/users/a/b/state"),
        ("GET", "/v1/sessions//state"),
        ("DELETE", "/v1/users//state"),
        ("DELETE", "/v1/users/"),
        ("DELETE", "/v1/users/ann/"),
        ("DELETE", "/v1/users/a/b"),
    ],
)
def test_an_empty_id_and_a_bare_slash_in_one_are_addresses_of_nothing(shop, method, path):
    answer = shop.call(method, path)
    assert answer.status_code == 404
    assert answer.json()["error"]["message"].startswith("There is nothing at ")


@pytest.mark.parametrize(("method", "path"), [("GET", FORGET), ("POST", STATE), ("GET", MERGE), ("DELETE", SESSION)])
def test_a_wrong_method_is_told_which_ones_are_right(shop, method, path):
    answer = shop.call(method, path)
    assert (answer.status_code, answer.json()["error"]["code"]) == (405, "method_not_allowed")


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("x" * 257, "has 257 characters; at most 256 are taken"),
        ("%FF", "is not UTF-8"),
        ("session%3As1", "names that begin with 'session:' are those of sessions"),
    ],
)
def test_what_is_no_user_id_is_refused_with_a_sentence(shop, written, words):
    for method, rest in (("PUT", "/sessions/s1"), ("GET", "/state"), ("DELETE", "/state"), ("DELETE", "")):
        answer = shop.call(method, f"/v1/users/{written}{rest}")
        assert (answer.status_code, answer.json()["error"]["field"]) == (422, "user_id")
        assert words in answer.json()["error"]["message"]


@pytest.mark.parametrize("written", ["x" * 257, "%FF"])
def test_what_is_no_session_id_is_refused_with_a_sentence(shop, written):
    for method, path in (("PUT", f"/v1/users/ann/sessions/{written}"), ("GET", f"/v1/sessions/{written}/state")):
        answer = shop.call(method, path)
        assert (answer.status_code, answer.json()["error"]["field"]) == (422, "session_id")


def test_a_session_may_be_named_like_a_session(shop):
    tell(shop, click("item-0", session_id="session:s1"))
    assert answered(shop, "GET", "/v1/sessions/session%3As1/state")["events_known"] == 1
    assert answered(shop, "GET", SESSION)["events_known"] == 0


SHARED = opened()


@settings(max_examples=60, deadline=None)
@given(
    method=st.sampled_from(["GET", "PUT", "DELETE"]),
    head=st.sampled_from(["/v1/users/", "/v1/sessions/"]),
    tail=st.text(alphabet="%/.:+0123456789abefinorstux ", max_size=30),
)
def test_no_address_makes_the_service_fail(method, head, tail):
    answer = SHARED.call(method, head + tail.replace(" ", "/state"))
    assert answer.status_code in {200, 404, 405, 422}, answer.text


def test_the_description_of_the_api_has_the_routes_as_they_are(shop):
    paths = shop.get("/openapi.json").json()["paths"]
    found = {(method.upper(), path) for path, methods in paths.items() for method in methods if "users" in path}
    assert found == {
        ("PUT", "/v1/users/{user_id}/sessions/{session_id}"),
        ("GET", "/v1/users/{user_id}/state"),
        ("DELETE", "/v1/users/{user_id}/state"),
        ("DELETE", "/v1/users/{user_id}"),
    }
    assert set(paths["/v1/sessions/{session_id}/state"]["get"]["responses"]) == {"200", "401", "403", "422", "503"}
    route = 'route="/v1/users/{user_id}/state",status="200"'
    answered(shop, "GET", STATE)
    assert route in shop.get("/metrics").text
