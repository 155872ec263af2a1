import json
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.serving.conftest import KEY, caller_of
from tests.unit.serving.small_engine import ITEM_IDS, small_engine

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)
NEARLY_RECOMMENDATION = st.fixed_dictionaries(
    {},
    optional={
        "user_id": st.text() | JSON,
        "k": st.integers(-2, 1002) | JSON,
        "exclude": st.lists(st.sampled_from(ITEM_IDS) | st.text()) | JSON,
        "context": st.dictionaries(st.sampled_from(["device_type", "timestamp", "x"]), JSON) | JSON,
    },
)
EVENT = st.fixed_dictionaries(
    {
        "user_id": st.text() | JSON,
        "item_id": st.sampled_from(ITEM_IDS) | JSON,
        "type": st.sampled_from(["view", "click", "other"]) | JSON,
    },
    optional={"timestamp": st.floats(0, 3e12) | JSON, "event_id": st.text() | JSON},
)
NEARLY_EVENTS = st.fixed_dictionaries({"events": st.lists(EVENT, max_size=3) | JSON})
PATHS = st.sampled_from(["/v1/recommendations", "/v1/events"])
SHARED = caller_of(small_engine(), keys=(KEY,), Authorization=f"Bearer {KEY}")


def assert_answered(path: str, body: bytes) -> None:
    answer = SHARED.post(path, content=body)
    assert answer.status_code in {200, 400, 422}, answer.text
    if answer.status_code != 200:
        assert answer.json()["error"]["message"].endswith(".")


@settings(max_examples=80)
@given(path=PATHS, body=st.binary(max_size=60))
def test_no_bytes_at_all_make_the_service_fail(path, body):
    assert_answered(path, body)


@settings(max_examples=80)
@given(path=PATHS, body=JSON)
def test_no_json_at_all_makes_the_service_fail(path, body):
    assert_answered(path, json.dumps(body).encode())


@settings(max_examples=100)
@given(body=NEARLY_RECOMMENDATION)
def test_no_request_that_is_nearly_right_makes_the_service_fail(body):
    assert_answered("/v1/recommendations", json.dumps(body).encode())


@settings(max_examples=100)
@given(body=NEARLY_EVENTS)
def test_no_events_that_are_nearly_right_make_the_service_fail(body):
    assert_answered("/v1/events", json.dumps(body).encode())


def test_an_unknown_path_and_a_wrong_method_are_answered_with_a_sentence(client):
    assert client.get("/v2/nothing").json()["error"]["message"].startswith("There is nothing at '/v2/nothing'")
    wrong = client.get("/v1/events")
    assert (wrong.status_code, wrong.headers["allow"]) == (405, "POST")
    assert wrong.json()["error"]["message"] == "'/v1/events' does not take GET; it takes POST."


def test_the_state_of_the_service_can_be_asked(client):
    assert client.get("/healthz").json() == {"status": "alive"}
    assert client.get("/readyz").json() == {"status": "ready", "bundle": "small-20261121-0001", "digest": "d" * 64}


@pytest.mark.parametrize(
    ("path", "fields"),
    [("/v1/recommendations", {"user_id", "context", "k", "exclude"}), ("/v1/events", {"events"})],
)
def test_the_description_of_the_api_holds_bodies_answers_and_refusals(client, path, fields):
    document = client.get("/openapi.json").json()
    route = document["paths"][path]["post"]
    body = route["requestBody"]["content"]["application/json"]["schema"]
    assert set(body["properties"]) == fields
    assert body["additionalProperties"] is False
    assert set(route["responses"]) == {"200", "400", "401", "403", "413", "422", "503"}
    assert route["security"] == [{"HTTPBearer": []}]
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
