import json
import subprocess
import sys
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from tests.unit.serving.conftest import KEY, caller_of
from tests.unit.serving.small_engine import ITEM_IDS, SilentState, small_engine
from winnow.api.errors import ErrorResponse
from winnow.api.limits import MAX_BODY_BYTES
from winnow.pipeline.stage import Stage

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)
NEARLY_RECOMMENDATION = st.fixed_dictionaries(
    {},
    optional={
        "user_id": st.text() | JSON,
        "session_id": st.text() | JSON,
        "k": st.integers(-2, 1002) | JSON,
        "exclude": st.lists(st.sampled_from(ITEM_IDS) | st.text()) | JSON,
        "context": st.dictionaries(st.sampled_from(["device_type", "timestamp", "x"]), JSON) | JSON,
        "diversity": st.floats(0, 1) | JSON,
        "explore": st.floats(0, 1) | JSON,
        "trace": st.booleans() | JSON,
        "cursor": st.text() | JSON,
    },
)
EVENT = st.fixed_dictionaries(
    {
        "user_id": st.text() | JSON,
        "item_id": st.sampled_from(ITEM_IDS) | JSON,
        "type": st.sampled_from(["view", "click", "other"]) | JSON,
    },
    optional={
        "session_id": st.text() | JSON,
        "timestamp": st.floats(0, 3e12) | JSON,
        "event_id": st.text() | JSON,
        "request_id": st.text() | JSON,
    },
)
NEARLY_EVENTS = st.fixed_dictionaries({"events": st.lists(EVENT, max_size=3) | JSON})
PATHS = st.sampled_from(["/v1/recommendations", "/v1/events", "/v1/score", "/v1/batch"])
SHARED = caller_of(small_engine(), keys=(KEY,), Authorization=f"Bearer {KEY}")


def assert_answered(path: str, body: bytes) -> None:
    answer = SHARED.post(path, content=body)
    assert answer.status_code in {200, 400, 422}, answer.text
    if answer.status_code != 200:
        assert answer.json()["error"]["message"].endswith(".")


@given(path=PATHS, body=st.binary(max_size=60))
def test_no_bytes_at_all_make_the_service_fail(path, body):
    assert_answered(path, body)


@given(path=PATHS, body=JSON)
def test_no_json_at_all_makes_the_service_fail(path, body):
    assert_answered(path, json.dumps(body).encode())


@given(body=NEARLY_RECOMMENDATION)
def test_no_request_that_is_nearly_right_makes_the_service_fail(body):
    assert_answered("/v1/recommendations", json.dumps(body).encode())


@given(body=NEARLY_RECOMMENDATION, items=st.lists(st.sampled_from(ITEM_IDS) | st.text(), max_size=3) | JSON)
def test_no_score_or_batch_that_is_nearly_right_makes_the_service_fail(body, items):
    assert_answered("/v1/score", json.dumps({**body, "items": items}).encode())
    assert_answered("/v1/batch", json.dumps({"requests": [body, items, body]}).encode())


@given(item=st.sampled_from(ITEM_IDS), asked=st.text() | JSON.map(json.dumps) | NEARLY_RECOMMENDATION.map(json.dumps))
def test_no_question_after_reasons_makes_the_service_fail(item, asked):
    answer = SHARED.get("/v1/why", params={"item_id": item, "asked": asked})
    assert answer.status_code in {200, 422}, answer.text


@given(body=NEARLY_EVENTS)
def test_no_events_that_are_nearly_right_make_the_service_fail(body):
    assert_answered("/v1/events", json.dumps(body).encode())


def assert_answered_or_not_found(path: str, **how: object) -> None:
    answer = SHARED.get(path, **how)
    assert answer.status_code in {200, 404, 422}, answer.text
    if answer.status_code != 200:
        assert answer.json()["error"]["message"].endswith(".")


QUERY = st.fixed_dictionaries(
    {},
    optional={
        "k": st.integers(-2, 1002).map(str) | st.text(),
        "by": st.sampled_from(["behaviour", "behaviour:2", "behaviour:-0", "behaviour,x:1"]) | st.text(),
        "x": st.text(),
    },
)


@given(item_id=st.sampled_from(ITEM_IDS) | st.text(), query=QUERY)
def test_no_question_for_similar_items_makes_the_service_fail(item_id, query):
    assert_answered_or_not_found(f"/v1/items/{quote(item_id, safe='')}/similar", params=query)


@given(query=st.text(alphabet="%=&;+,:.0123456789abefhiknoruvy ", max_size=40))
def test_no_query_of_an_address_makes_the_service_fail(query):
    assert_answered_or_not_found(f"/v1/items/item-0/similar?{query}")


def test_an_unknown_path_and_a_wrong_method_are_answered_with_a_sentence(client):
    assert client.get("/v1/nothing").json()["error"]["message"].startswith("There is nothing at '/v1/nothing'")
    wrong = client.get("/v1/events")
    assert (wrong.status_code, wrong.headers["allow"]) == (405, "POST")
    assert wrong.json()["error"]["message"] == "'/v1/events' does not take GET; it takes POST."


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("path", ["/v1/recommendations/", "/v1/events/", "/healthz/", "/"])
def test_a_path_with_a_slash_too_many_is_not_found_and_nobody_is_sent_elsewhere(client, method, path):
    answer = client.call(method, path, json={})
    assert answer.status_code == 404
    message = answer.json()["error"]["message"]
    assert message.startswith(f"There is nothing at '{path}'")
    assert message.endswith("none ends with a slash.")


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_who_asks_for_the_head_only_gets_the_status(client, path):
    head, whole = client.call("HEAD", path), client.get(path)
    assert (head.status_code, whole.status_code) == (200, 200)
    assert head.headers["content-type"] == whole.headers["content-type"]
    assert f'route="{path}",status="200"' in client.get("/metrics").text


BODY_OF_AN_ERROR = TypeAdapter(ErrorResponse)
KEYLESS = caller_of(small_engine(), keys=(KEY,))
SHUT = caller_of(small_engine())
FAILING = Stage(name="rank", run=lambda *_: 1 / 0)
SILENT = Stage(name="rank", run=lambda *_: SilentState().forget("nobody"))


@pytest.mark.parametrize(
    ("status", "caller", "method", "path", "body"),
    [
        (400, SHARED, "POST", "/v1/recommendations", b"{"),
        (400, SHARED, "POST", "/v1/events", b"\xff\xfe"),
        (401, KEYLESS, "POST", "/v1/events", b"{}"),
        (403, SHUT, "POST", "/v1/events", b"{}"),
        (404, SHARED, "GET", "/nowhere", b""),
        (404, SHARED, "POST", "/v1/recommendations/", b"{}"),
        (405, SHARED, "DELETE", "/v1/recommendations", b""),
        (405, SHARED, "OPTIONS", "/v1/events", b""),
        (405, SHARED, "POST", "/healthz", b""),
        (413, SHARED, "POST", "/v1/events", b" " * (MAX_BODY_BYTES + 1)),
        (422, SHARED, "POST", "/v1/recommendations", b'{"k": -1}'),
        (422, SHARED, "POST", "/v1/recommendations", b'{"context": {"device_type": [1]}}'),
        (500, caller_of(small_engine(ranking=(FAILING,))), "POST", "/v1/recommendations", b"{}"),
        (503, caller_of(small_engine(ranking=(SILENT,))), "POST", "/v1/recommendations", b"{}"),
    ],
)
def test_every_error_has_the_shape_that_the_api_describes(status, caller, method, path, body):
    answer = caller.call(method, path, content=body)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/json"
    assert set(answer.json()) == {"error"}
    error = BODY_OF_AN_ERROR.validate_python(answer.json())["error"]
    assert set(error) <= {"code", "message", "field"}
    assert error["message"].endswith(".")


def test_the_state_of_the_service_can_be_asked(client):
    assert client.get("/healthz").json() == {"status": "alive"}
    told = {"status": "ready", "bundle": "small-20261121-0001", "digest": "d" * 64, "worker": "the only one"}
    assert client.get("/readyz").json() == told


ONE_LIST = {"user_id", "session_id", "context", "k", "exclude", "filters", "allow"}


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/v1/recommendations", {*ONE_LIST, "diversity", "explore", "cursor", "trace", "budget_ms"}),
        ("/v1/score", {*ONE_LIST, "items", "budget_ms"}),
        ("/v1/batch", {"requests"}),
        ("/v1/events", {"events"}),
    ],
)
def test_the_description_of_the_api_holds_bodies_answers_and_refusals(client, path, fields):
    document = client.get("/openapi.json").json()
    route = document["paths"][path]["post"]
    body = route["requestBody"]["content"]["application/json"]["schema"]
    assert set(body["properties"]) == fields
    assert body["additionalProperties"] is False
    assert set(route["responses"]) == {"200", "400", "401", "403", "413", "422", "503"}
    needs_none_here = path != "/v1/events"
    assert route["security"] == [{"HTTPBearer": []}, *([{}] if needs_none_here else [])]
    for reference in references(document):
        assert resolved(document, reference), reference


def references(part: object) -> list[str]:
    match part:
        case {"$ref": str(reference)}:
            return [reference]
        case dict():
            return [each for inner in part.values() for each in references(inner)]
        case list():
            return [each for inner in part for each in references(inner)]
        case _:
            return []


def resolved(document: dict, reference: str) -> object:
    for name in reference.removeprefix("#/").split("/"):
        document = document[name]
    return document


def test_serving_needs_no_torch_and_no_training_code():
    script = "import sys, winnow.serving.serve; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert {"torch", "ibis", "duckdb", "winnow.training", "winnow.recipes"}.isdisjoint(loaded.stdout.split())
