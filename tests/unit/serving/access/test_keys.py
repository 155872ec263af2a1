import re

import pytest

from tests.unit.serving.conftest import KEY, Caller, caller_of
from tests.unit.serving.small_engine import small_engine
from winnow.serving.access.key_file import key_line
from winnow.serving.access.role import Role
from winnow.serving.app import create_app
from winnow.serving.settings.settings import Settings

RECOMMEND, EVENTS = "/v1/recommendations", "/v1/events"
ELSEWHERE = "192.0.2.7"
HERE = ("127.0.0.1", "127.8.9.1", "::1", "::ffff:127.0.0.1")
NOT_HERE = (ELSEWHERE, "10.0.0.1", "::ffff:192.0.2.7", "2001:db8::1", "a name", "")


def status(answer) -> tuple[int, str]:
    return answer.status_code, answer.json().get("error", {}).get("code", "")


@pytest.mark.parametrize("address", HERE)
def test_without_a_key_set_recommendations_are_open_on_this_machine(address):
    assert status(caller_of(small_engine(), address=address).post(RECOMMEND, json={})) == (200, "")


@pytest.mark.parametrize("address", NOT_HERE)
def test_without_a_key_set_recommendations_are_shut_to_callers_elsewhere(address):
    assert status(caller_of(small_engine(), address=address).post(RECOMMEND, json={})) == (403, "no_key_set")


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP"])
def test_what_a_proxy_passes_on_is_not_local(header):
    caller = caller_of(small_engine(), **{header: "127.0.0.1"})
    assert status(caller.post(RECOMMEND, json={})) == (403, "no_key_set")


@pytest.mark.parametrize("address", ["127.0.0.1", ELSEWHERE])
def test_without_a_key_set_events_are_shut_to_all_whatever_they_send(address):
    caller = caller_of(small_engine(), address=address, Authorization="Bearer guess")
    assert status(caller.post(EVENTS, json={"events": []})) == (403, "no_key_set")


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Basic YTpi"}])
def test_with_keys_set_recommendations_stay_open_on_this_machine_and_events_do_not(headers):
    caller = caller_of(small_engine(), keys=(KEY,), address="127.0.0.1")
    assert status(caller.post(RECOMMEND, json={}, headers=headers)) == (200, "")
    assert status(caller.post(EVENTS, json={"events": []}, headers=headers)) == (401, "key_missing")


def test_a_wrong_key_is_refused_where_none_is_needed():
    caller = caller_of(small_engine(), keys=(KEY,), address="127.0.0.1")
    assert status(caller.post(RECOMMEND, json={}, headers={"X-API-Key": "wrong"})) == (401, "key_wrong")


@pytest.mark.parametrize(("path", "address"), [(RECOMMEND, ELSEWHERE), (EVENTS, ELSEWHERE), (EVENTS, "127.0.0.1")])
@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({}, "key_missing"),
        ({"Authorization": "Basic YTpi"}, "key_missing"),
        ({"Authorization": "Bearer wrong"}, "key_wrong"),
        ({"Authorization": "Bearer"}, "key_wrong"),
        ({"X-API-Key": KEY + "x"}, "key_wrong"),
        ({"X-API-Key": KEY[:-1]}, "key_wrong"),
        ({"X-API-Key": "\xe9"}, "key_wrong"),
    ],
)
def test_with_keys_set_nobody_else_passes_without_one(path, address, headers, code):
    caller = caller_of(small_engine(), keys=(KEY,), address=address)
    encoded = {name: value.encode("latin-1") for name, value in headers.items()}
    answer = caller.post(path, json={"events": []}, headers=encoded)
    assert status(answer) == (401, code)
    assert answer.headers["www-authenticate"] == "Bearer"
    assert KEY not in answer.text


@pytest.mark.parametrize(
    "headers", [{"Authorization": f"Bearer {KEY}"}, {"authorization": f"bearer  {KEY} "}, {"X-API-Key": KEY}]
)
def test_any_of_the_keys_opens_both_routes_from_anywhere(headers):
    caller = caller_of(small_engine(), keys=("another", KEY), address=ELSEWHERE)
    assert status(caller.post(RECOMMEND, json={}, headers=headers)) == (200, "")
    assert status(caller.post(EVENTS, json={"events": []}, headers=headers)) == (200, "")


def test_a_refused_caller_learns_nothing_about_the_body():
    caller = caller_of(small_engine(), address=ELSEWHERE)
    assert caller.post(RECOMMEND, content=b"{").status_code == 403


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics", "/openapi.json"])
def test_what_tells_of_the_service_alone_is_open(path):
    assert caller_of(small_engine(), keys=(KEY,), address=ELSEWHERE).get(path).status_code == 200


ROUTES = [
    ("POST", RECOMMEND, {Role.READ, Role.ADMIN}),
    ("POST", "/v1/score", {Role.READ, Role.ADMIN}),
    ("POST", "/v1/batch", {Role.READ, Role.ADMIN}),
    ("GET", "/v1/why", {Role.READ, Role.ADMIN}),
    ("GET", "/v1/items/item-0", {Role.READ, Role.ADMIN}),
    ("GET", "/v1/items/item-0/similar", {Role.READ, Role.ADMIN}),
    ("GET", "/v1/trending", {Role.READ, Role.ADMIN}),
    ("GET", "/v1/shop", {Role.READ, Role.ADMIN}),
    ("POST", "/v1/catalogue", {Role.READ, Role.ADMIN}),
    ("GET", "/v1/items/item-0/picture", {Role.READ, Role.ADMIN}),
    ("POST", EVENTS, {Role.EVENTS, Role.ADMIN}),
    ("PUT", "/v1/users/u/sessions/s", {Role.EVENTS, Role.ADMIN}),
    ("PUT", "/v1/items/item-0", {Role.ADMIN}),
    ("DELETE", "/v1/items/item-0", {Role.ADMIN}),
    ("GET", "/v1/users/u/state", {Role.ADMIN}),
    ("GET", "/v1/sessions/s/state", {Role.ADMIN}),
    ("DELETE", "/v1/users/u/state", {Role.ADMIN}),
    ("DELETE", "/v1/users/u", {Role.ADMIN}),
    ("POST", "/v1/admin/keys", {Role.ADMIN}),
    ("GET", "/v1/admin/report", {Role.ADMIN}),
    ("GET", "/v1/admin/bundle", {Role.ADMIN}),
    ("POST", "/v1/admin/bundle", {Role.ADMIN}),
    ("POST", "/v1/admin/bundle/roll-back", {Role.ADMIN}),
    ("PUT", "/v1/admin/bundle/shadow", {Role.ADMIN}),
    ("DELETE", "/v1/admin/bundle/shadow", {Role.ADMIN}),
    ("PUT", "/v1/admin/bundle/canary", {Role.ADMIN}),
    ("DELETE", "/v1/admin/bundle/canary", {Role.ADMIN}),
]


@pytest.fixture(scope="module")
def any_role():
    return caller_of(small_engine(), keys=tuple(f"{role}:{role}-{KEY}" for role in Role))


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize(("method", "path", "roles"), ROUTES)
def test_a_key_opens_the_routes_of_its_roles_and_no_other(any_role, method, path, roles, role):
    answer = any_role.call(method, path, headers={"X-API-Key": f"{role}-{KEY}"})
    assert (status(answer) == (403, "role_missing")) is (role not in roles)


def test_every_route_of_the_api_wants_a_role(any_role):
    paths = any_role.get("/openapi.json").json()["paths"]
    found = {(method.upper(), path) for path, methods in paths.items() if path.startswith("/v1") for method in methods}
    named = {(method, path) for method, path, _ in ROUTES}
    names = (("item-0", "{item_id}"), ("/u", "/{user_id}"), ("/s", "/{session_id}"))
    for name, pattern in names:
        named = {(method, re.sub(rf"{name}(?=/|$)", pattern, path)) for method, path in named}
    assert named == found


def test_a_key_that_stands_twice_has_both_roles():
    caller = caller_of(small_engine(), keys=(f"read:{KEY}", f"events:{KEY}"), **{"X-API-Key": KEY})
    assert status(caller.post(RECOMMEND, json={})) == (200, "")
    assert status(caller.post(EVENTS, json={"events": []})) == (200, "")
    answer = caller.call("DELETE", "/v1/users/u")
    assert status(answer) == (403, "role_missing")
    assert answer.json()["error"]["message"].endswith("and this one has 'read+events'.")


def test_an_admin_makes_the_service_read_its_keys_again_and_hears_what_is_wrong_with_them(tmp_path):
    file = tmp_path / "keys"
    file.write_text(key_line([Role.ADMIN], KEY))
    caller = Caller(create_app(small_engine(), Settings(keys_file=file)), headers={"X-API-Key": KEY})
    file.write_text(f"{key_line([Role.ADMIN], KEY)}\n{key_line([Role.READ], 'new')}\n")
    assert caller.post("/v1/admin/keys").json() == {"keys": 2}
    assert status(caller.post(RECOMMEND, json={}, headers={"X-API-Key": "new"})) == (200, "")
    file.write_text("nonsense")
    answer = caller.post("/v1/admin/keys")
    assert status(answer) == (422, "invalid_value")
    assert "Line 1 of the keys file" in answer.json()["error"]["message"]
    assert status(caller.post(RECOMMEND, json={}, headers={"X-API-Key": "new"})) == (200, "")
