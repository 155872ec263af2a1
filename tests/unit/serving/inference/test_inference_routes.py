"""`/v2` as callers see it, without a network."""

import json
import struct
import time

import numpy as np
import pytest

from tests.unit.serving.conftest import KEY, caller_of
from tests.unit.serving.inference_shop import MODEL, SHARED, infer, outputs, refusal, tensor, users
from tests.unit.serving.small_engine import ALLOWED, SilentState, small_engine
from winnow.api.limits import MAX_BODY_BYTES
from winnow.pipeline.stage import Stage
from winnow.serving.inference.inference_outputs import NO_SCORE

BUNDLE = "small-20261121-0001"
LENGTH = "Inference-Header-Content-Length"


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
    answer = infer(SHARED, users("ann"), id="42")
    assert (answer["model_name"], answer["model_version"], answer["id"]) == ("winnow", BUNDLE, "42")
    assert [each["shape"] for each in answer["outputs"]] == [[1, 10], [1, 10], [1]]
    found = outputs(answer)
    assert found["item_ids"] == [*ALLOWED, "", "", ""]
    assert found["scores"][:7] == [8.0, 7.0, 6.0, 5.0, 4.0, 3.0, 2.0]
    assert np.array(found["scores"][7:], np.float32).tolist() == [NO_SCORE] * 3
    assert found["count"] == [7]


def test_who_gives_no_id_gets_none_back():
    assert "id" not in infer(SHARED, users("ann"))


def test_each_user_of_a_call_gets_what_it_would_get_alone(client):
    clicks = [{"user_id": "ann", "item_id": each, "type": "click"} for each in ("item-0", "item-2")]
    assert client.post("/v1/events", json={"events": clicks}).status_code == 200
    found = outputs(infer(client, users("ann", "bob", ""), tensor("k", "INT32", [2, 3, 0])))
    assert found["item_ids"] == ["item-1", "item-3", "", "item-0", "item-1", "item-2", "", "", ""]
    assert found["count"] == [2, 3, 0]


def test_a_call_of_many_users_is_answered_in_their_order():
    users_, wanted = [f"user {place}" for place in range(20)], [place % 4 for place in range(20)]
    found = outputs(infer(SHARED, users(*users_), tensor("k", "INT32", wanted)))
    assert found["count"] == wanted
    rows = [found["item_ids"][start : start + 3] for start in range(0, 60, 3)]
    assert rows == [[*ALLOWED[:k], *[""] * (3 - k)] for k in wanted]


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
    assert outputs(infer(SHARED, tensor("device_type", "BYTES", ["", "phone"])))["count"] == [7, 7]


def test_only_wanted_outputs_come_in_the_order_wanted():
    answer = infer(SHARED, users("ann"), outputs=[{"name": "count"}, {"name": "item_ids"}])
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
