"""`/v2` as callers see it, without a network."""

import json
import struct
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from tests.unit.serving.conftest import KEY, Caller, caller_of
from tests.unit.serving.small_engine import ALLOWED, SilentState, small_engine
from winnow.api.inference import InferenceError
from winnow.api.limits import MAX_BODY_BYTES
from winnow.pipeline.stage import Stage
from winnow.serving.inference_outputs import NO_SCORE

MODEL = "/v2/models/winnow"
BUNDLE = "small-20261121-0001"
LENGTH = "Inference-Header-Content-Length"
SHARED = caller_of(small_engine(), keys=(KEY,), Authorization=f"Bearer {KEY}")


def tensor(name: str, datatype: str, data: list, **more) -> dict:
    return {"name": name, "datatype": datatype, "shape": [len(data)], "data": data, **more}


def users(*names: str) -> dict:
    return tensor("user_id", "BYTES", [*names])


def infer(client: Caller, *inputs: dict, **more) -> dict:
    answer = client.post(f"{MODEL}/infer", json={"inputs": inputs, **more})
    assert answer.status_code == 200, answer.text
    return answer.json()


def outputs(answer: dict) -> dict[str, list]:
    return {each["name"]: each["data"] for each in answer["outputs"]}


def refusal(client: Caller, body: object, status: int = 400) -> str:
    answer = client.post(f"{MODEL}/infer", json=body)
    assert answer.status_code == status, answer.text
    assert list(answer.json()) == ["error"]
    return answer.json()["error"]


def test_the_service_tells_of_itself():
    assert SHARED.get("/v2").json()["name"] == "winnow"
    assert SHARED.get("/v2").json()["extensions"] == ["binary_tensor_data"]
    assert SHARED.get("/v2/health/live").json() == {"live": True}
    assert SHARED.get("/v2/health/ready").json() == {"ready": True}
    assert SHARED.get(f"{MODEL}/ready").json() == {"name": "winnow", "ready": True}


@pytest.mark.parametrize("path", [MODEL, f"{MODEL}/versions/{BUNDLE}"])
def test_the_metadata_of_the_model_name_its_tensors(path):
    told = SHARED.get(path).json()
    assert (told["name"], told["versions"]) == ("winnow", [BUNDLE])
    assert [(each["name"], each["datatype"], each["shape"]) for each in told["inputs"]] == [
        ("device_type", "BYTES", [-1, 1]),
        ("user_id", "BYTES", [-1, 1]),
        ("session_id", "BYTES", [-1, 1]),
        ("timestamp", "INT64", [-1, 1]),
        ("k", "INT32", [-1, 1]),
    ]
    assert [(each["name"], each["datatype"], each["shape"]) for each in told["outputs"]] == [
        ("item_ids", "BYTES", [-1, -1]),
        ("scores", "FP32", [-1, -1]),
        ("count", "INT32", [-1]),
    ]


@pytest.mark.parametrize("path", ["", "/ready", "/infer"])
def test_another_version_is_a_404_with_a_sentence(path):
    answer = SHARED.call(
        "POST" if path == "/infer" else "GET", f"{MODEL}/versions/7{path}", json={"inputs": [users("")]}
    )
    assert answer.status_code == 404
    assert answer.json() == {"error": f"The model winnow has no version '7'; the bundle that answers is '{BUNDLE}'."}


def test_another_model_is_a_404_with_a_sentence():
    answer = SHARED.get("/v2/models/other")
    assert answer.status_code == 404
    assert answer.json()["error"].startswith("There is nothing at '/v2/models/other'")


def test_one_user_gets_ten_items_with_scores():
    answer = infer(users("ann"), id="42")
    assert (answer["model_name"], answer["model_version"], answer["id"]) == ("winnow", BUNDLE, "42")
    assert [each["shape"] for each in answer["outputs"]] == [[1, 10], [1, 10], [1]]
    found = outputs(answer)
    assert found["item_ids"] == [*ALLOWED, "", "", ""]
    assert found["scores"][:7] == [8.0, 7.0, 6.0, 5.0, 4.0, 3.0, 2.0]
    assert np.array(found["scores"][7:], np.float32).tolist() == [NO_SCORE] * 3
    assert found["count"] == [7]


def test_who_gives_no_id_gets_none_back():
    assert "id" not in infer(users("ann"))


def test_each_user_of_a_call_gets_what_it_would_get_alone(client):
    clicks = [{"user_id": "ann", "item_id": each, "type": "click"} for each in ("item-0", "item-2")]
    assert client.post("/v1/events", json={"events": clicks}).status_code == 200
    found = outputs(infer(client, users("ann", "bob", ""), tensor("k", "INT32", [2, 3, 0])))
    assert found["item_ids"] == ["item-1", "item-3", "", "item-0", "item-1", "item-2", "", "", ""]
    assert found["count"] == [2, 3, 0]


def test_the_answer_of_recommendations_under_the_same_name_is_the_same():
    named = {"X-Request-Id": "one"}
    theirs = SHARED.post("/v1/recommendations", json={"user_id": "ann", "k": 4}, headers=named).json()
    body = {"inputs": [users("ann"), tensor("k", "INT32", [4])]}
    ours = SHARED.post(f"{MODEL}/infer", json=body, headers=named).json()
    assert ours["parameters"] == {"request_id": "one", "degraded": ""}
    assert outputs(ours)["item_ids"] == [item["item_id"] for item in theirs["items"]]
    assert outputs(ours)["scores"] == [item["score"] for item in theirs["items"]]


def test_a_session_goes_by_its_own_input(client):
    click = {"session_id": "s", "item_id": "item-0", "type": "click"}
    assert client.post("/v1/events", json={"events": [click]}).status_code == 200
    sessions = tensor("session_id", "BYTES", ["s", ""])
    found = outputs(infer(client, users("", "ann"), sessions, tensor("k", "INT64", [1, 1])))
    assert found["item_ids"] == ["item-1", "item-0"]


@pytest.mark.parametrize(("datatype", "kind"), [("INT64", int), ("FP64", float)])
def test_an_instant_before_a_click_does_not_know_of_it(client, datatype, kind):
    click = {"user_id": "ann", "item_id": "item-0", "type": "click"}
    assert client.post("/v1/events", json={"events": [click]}).status_code == 200
    instants = tensor("timestamp", datatype, [kind(time.time() - 86_400), kind(time.time() + 60)])
    found = outputs(infer(client, users("ann", "ann"), instants, tensor("k", "INT32", [1, 1])))
    assert found["item_ids"] == ["item-0", "item-1"]


def test_empty_text_is_an_absent_value():
    assert outputs(infer(tensor("device_type", "BYTES", ["", "phone"])))["count"] == [7, 7]


def test_only_wanted_outputs_come_in_the_order_wanted():
    answer = infer(users("ann"), outputs=[{"name": "count"}, {"name": "item_ids"}])
    assert [each["name"] for each in answer["outputs"]] == ["count", "item_ids"]


def test_tensors_may_be_bytes_behind_the_json():
    head = {
        "inputs": [
            {"name": "user_id", "datatype": "BYTES", "shape": [2, 1], "parameters": {"binary_data_size": 11}},
            tensor("device_type", "BYTES", ["phone", "phone"]),
            {"name": "k", "datatype": "INT32", "shape": [2, 1], "parameters": {"binary_data_size": 8}},
        ],
        "parameters": {"binary_data_output": True},
        "outputs": [{"name": "item_ids"}, {"name": "count", "parameters": {"binary_data": False}}, {"name": "scores"}],
    }
    written = json.dumps(head).encode()
    body = written + b"\3\0\0\0ann\0\0\0\0" + struct.pack("<2i", 2, 1)
    answer = SHARED.post(f"{MODEL}/infer", content=body, headers={LENGTH: str(len(written))})
    assert answer.status_code == 200, answer.text
    length = int(answer.headers[LENGTH])
    told = json.loads(answer.content[:length])
    sizes = [each.get("parameters") for each in told["outputs"]]
    assert sizes == [{"binary_data_size": 34}, None, {"binary_data_size": 16}]
    assert told["outputs"][1]["data"] == [2, 1]
    item = b"\6\0\0\0item-"
    ids = item + b"0" + item + b"1" + item + b"0" + b"\0\0\0\0"
    assert answer.content[length:] == ids + struct.pack("<4f", 8, 7, 8, NO_SCORE)


@pytest.mark.parametrize(
    ("inputs", "words"),
    [
        ([], "it should have at least 1 item"),
        ([users()], "The inputs are of 0 requests; a call takes 1 to 256."),
        ([tensor("user", "BYTES", ["ann"])], "The input 'user' is not one of the model winnow; it takes: device_type,"),
        ([tensor("user_id", "INT32", [1])], "The input 'user_id' is of the datatype 'INT32'; BYTES is wanted."),
        ([tensor("timestamp", "FP32", [1])], "'FP32'; INT64 or FP64 is wanted."),
        ([users("ann"), users("bob")], "The input 'user_id' comes twice; send it once."),
        ([users("ann"), tensor("k", "INT32", [1, 2])], "'k' is of 2 requests, and 'user_id' of 1"),
        ([users("ann") | {"shape": [2]}], "'user_id' cannot be read: it has 1 elements, and its shape [2] says 2."),
        ([users("ann") | {"shape": [1, 2]}], "The input 'user_id' has the shape [1, 2]; [B] or [B, 1] is wanted"),
        ([users("ann") | {"shape": [-1]}], "'inputs[0].shape[0]' is -1; it should be greater than or equal to 0."),
        ([users("ann") | {"shape": [257]}], "less than or equal to 256"),
        ([users("ann") | {"size": 1}], "'inputs[0].size' is not a field of this request"),
        ([tensor("k", "INT32", ["1"])], "'k' cannot be read: element 0 is str, and INT32 is a whole number."),
        ([tensor("k", "INT32", [1, -1])], "Request 1 of the call: 'k' is -1; it should be greater than or equal to 0."),
        ([tensor("k", "INT32", [1001])], "less than or equal to 1000"),
        ([tensor("k", "INT32", [1000] * 33)], "The answer would have 33,000 places, requests times the largest k"),
        ([users("u" * 257)], "Request 0 of the call: 'user_id' is the text"),
        ([users("session:a")], "names that begin with 'session:' are those of sessions"),
        ([users("a"), tensor("session_id", "BYTES", ["b"])], "'user_id' and 'session_id' both came"),
        ([tensor("timestamp", "INT64", [2_000_000_000_000])], "that looks like milliseconds"),
        ([{"name": "user_id", "datatype": "BYTES", "shape": [1]}], "has neither of 'data' and 'binary_data_size'"),
        ([users("a") | {"parameters": {"binary_data_size": 1}}], "has both of 'data' and 'binary_data_size'"),
    ],
)
def test_a_wrong_input_is_refused_with_a_sentence(inputs, words):
    assert words in refusal(SHARED, {"inputs": inputs})


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ([{"name": "ids"}], "The output 'ids' is not one of the model winnow; it gives: item_ids, scores, count."),
        ([{"name": "count"}, {"name": "count"}], "The output 'count' is named twice; name it once."),
        (
            [{"name": "scores", "parameters": {"classification": 2}}],
            "'classification', which the model winnow does not do",
        ),
        ([{"name": "scores", "parameters": {"shared_memory_region": "r"}}], "'shared_memory_region'"),
        ([{}], "'outputs[0].name' is missing."),
    ],
)
def test_a_wrong_output_is_refused_with_a_sentence(wanted, words):
    assert words in refusal(SHARED, {"inputs": [users("ann")], "outputs": wanted})


@pytest.mark.parametrize(
    ("length", "tail", "words"),
    [
        ("many", b"", f"The header {LENGTH} is 'many'; it takes the number of bytes"),
        ("0", b"", "from 1 to all"),
        ("-1", b"", "is '-1'"),
        ("9" * 30, b"", "from 1 to all"),
        (None, b"", "'binary_data_size' of the input 'user_id' is 7; 0 bytes of the body are left for it."),
        ("right", b"", "0 bytes of the body are left for it."),
        ("right", b"\3\0\0\0ann!", "1 bytes of the body belong to no input"),
        ("right", b"\3\0\0\0an\xff", "The input 'user_id' cannot be read: element 0 is not UTF-8 from byte 2 on."),
    ],
)
def test_bytes_that_are_not_what_was_announced_are_refused(length, tail, words):
    head = {"inputs": [{"name": "user_id", "datatype": "BYTES", "shape": [1], "parameters": {"binary_data_size": 7}}]}
    written = json.dumps(head).encode()
    headers = {} if length is None else {LENGTH: str(len(written)) if length == "right" else length}
    answer = SHARED.post(f"{MODEL}/infer", content=written + tail, headers=headers)
    assert answer.status_code == 400
    assert words in answer.json()["error"]


def test_a_body_that_is_too_large_is_refused():
    answer = SHARED.post(f"{MODEL}/infer", content=b" " * (MAX_BODY_BYTES + 1))
    assert (answer.status_code, list(answer.json())) == (413, ["error"])


def test_inference_wants_the_key_that_recommendations_want():
    engine, body = small_engine(), {"inputs": [users("ann")]}
    assert caller_of(engine).post(f"{MODEL}/infer", json=body).status_code == 200
    assert "for callers on this machine only" in refusal(caller_of(engine, address="10.0.0.9"), body, 403)
    away = caller_of(engine, keys=(KEY,), address="10.0.0.9")
    assert "needs an API key" in refusal(away, body, 401)
    assert away.post(f"{MODEL}/infer", json=body, headers={"X-API-Key": KEY}).status_code == 200
    assert away.get(MODEL).status_code == 200


def test_a_stage_that_was_skipped_is_named():
    answer = infer(caller_of(small_engine(state=SilentState())), users("ann", "bob"))
    assert answer["parameters"]["degraded"] == "state"


def test_a_mistake_of_ours_is_a_500_in_the_shape_of_the_protocol():
    def broken(*_):
        raise ZeroDivisionError

    client = caller_of(small_engine(ranking=(Stage(name="broken", run=broken),)))
    assert "Something failed inside the service" in refusal(client, {"inputs": [users("ann")]}, 500)


def test_calls_are_counted_by_their_own_route(client):
    infer(client, users("ann"))
    assert f'winnow_request_seconds_count{{route="{MODEL}/infer",status="200"}} 1.0' in client.get("/metrics").text


def test_every_refusal_is_described():
    described = SHARED.get("/openapi.json").json()["paths"]
    assert set(described[f"{MODEL}/infer"]["post"]["responses"]) == {"200", "400", "401", "403", "413", "503"}
    versioned = described[f"{MODEL}/versions/{{version}}/infer"]["post"]
    assert [(each["name"], each["in"]) for each in versioned["parameters"]] == [("version", "path")]
    assert "404" in versioned["responses"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
NEARLY_TENSOR = st.fixed_dictionaries(
    {
        "name": st.sampled_from(["user_id", "session_id", "device_type", "timestamp", "k", "x"]) | JSON,
        "datatype": st.sampled_from(["BYTES", "INT32", "INT64", "FP32", "FP64", "BOOL"]) | JSON,
        "shape": st.sampled_from([[1], [2], [2, 1], [1, 1]]) | JSON,
    },
    optional={"data": st.lists(st.text(max_size=5) | st.integers() | JSON, max_size=2) | JSON, "parameters": JSON},
)


@settings(max_examples=60)
@given(inputs=st.lists(NEARLY_TENSOR, max_size=3) | JSON, outputs=JSON)
def test_no_request_that_is_nearly_right_makes_the_service_fail(inputs, outputs):
    answer = SHARED.post(f"{MODEL}/infer", json={"inputs": inputs, "outputs": outputs})
    assert answer.status_code in {200, 400}, answer.text
    if answer.status_code == 400:
        TypeAdapter(InferenceError).validate_python(answer.json())
        assert answer.json()["error"].endswith(".")
