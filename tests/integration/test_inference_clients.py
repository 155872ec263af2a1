"""The public client of inference servers, unchanged, beside our own."""

import asyncio
import time
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
import tritonclient.grpc
import tritonclient.http
import tritonclient.http.aio
from tritonclient.utils import InferenceServerException

from tests.integration.conftest import KEY
from tests.unit.serving.live_service import live_service
from tests.unit.serving.reserved_port import reserved_port
from winnow.api.client import Client
from winnow.engine.engine import Engine
from winnow.serving.access.known_key import hashed_keys
from winnow.serving.inference.inference_outputs import NO_SCORE
from winnow.serving.settings.settings import Settings

AT = int(time.time()) + 60
"""One instant for all, or else the hour would change scores."""
USERS = ("u1", "u2", "nobody knows me", "")
DEVICES = ("phone", "desktop", "phone", "")


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of events, where served lists go."""
    return tmp_path_factory.mktemp("events")


@pytest.fixture(scope="module")
def addresses(engine: Engine, log: Path) -> Iterator[dict[ModuleType, str]]:
    """Of one service, by the client that speaks to it."""
    with reserved_port() as port:
        settings = Settings(port=0, grpc_port=port, key_hashes=hashed_keys([KEY]), events=log)
        with live_service(engine, settings) as (host, http):
            yield {tritonclient.http: f"{host}:{http}", tritonclient.grpc: f"{host}:{port}"}
    rows = pq.read_table(log / "_served").to_pylist()
    lists = [row for row in rows if row["request_id"].startswith("told-")]
    assert [row["request_id"] for row in lists] == [f"told-{place}" for place in range(len(USERS))]
    assert [row["user_id"] for row in lists] == list(USERS)
    assert [len(row["item_ids"]) for row in lists] == [5] * len(USERS)


@pytest.fixture(params=[tritonclient.http, tritonclient.grpc], ids=["http", "grpc"])
def triton(request, addresses) -> Iterator[tuple[ModuleType, Any]]:
    client = request.param.InferenceServerClient(addresses[request.param])
    yield request.param, client
    client.close()


@pytest.fixture(scope="module")
def ours(addresses) -> Iterator[Client]:
    client = Client(f"http://{addresses[tritonclient.http]}", KEY)
    yield client
    client.close()


def inputs(kind: ModuleType, k: int, **how) -> list:
    """Four users with their devices, at one instant."""
    arrays = {
        "user_id": ("BYTES", np.array(USERS, object)),
        "device_type": ("BYTES", np.array(DEVICES, object)),
        "timestamp": ("INT64", np.full(len(USERS), AT)),
        "k": ("INT32", np.full(len(USERS), k, np.int32)),
    }
    made = []
    for name, (datatype, values) in arrays.items():
        made.append(kind.InferInput(name, [len(USERS), 1], datatype))
        made[-1].set_data_from_numpy(values.reshape(-1, 1), **how)
    return made


def answered(result) -> list[list[tuple[str, float]]]:
    """Items and scores, user by user."""
    item_ids, scores, count = (result.as_numpy(name) for name in ("item_ids", "scores", "count"))
    assert (item_ids.dtype, scores.dtype, count.dtype) == (object, np.float32, np.int32)
    lines = zip(item_ids, scores.tolist(), count, strict=True)
    return [
        [
            (each.decode() if isinstance(each, bytes) else each, score)
            for each, score in zip(ids[:n], row[:n], strict=True)
        ]
        for ids, row, n in lines
    ]


def recommended(ours: Client, k: int) -> list[list[tuple[str, float]]]:
    """The same, by our own client."""
    lists = []
    for user, device in zip(USERS, DEVICES, strict=True):
        context = {"timestamp": AT} | ({"device_type": device} if device else {})
        lists.append([(item["item_id"], item["score"]) for item in ours.recommend(user, context, k)["items"]])
    return lists


def assert_same(found: list[list[tuple[str, float]]], wanted: list[list[tuple[str, float]]]) -> None:
    """Items are the same; scores differ in their last digits, since a batch is multiplied in another order."""
    assert [[item for item, _ in row] for row in found] == [[item for item, _ in row] for row in wanted]
    for row, other in zip(found, wanted, strict=True):
        np.testing.assert_allclose([score for _, score in row], [score for _, score in other], rtol=1e-4, atol=1e-5)


def test_the_client_finds_a_live_service_with_a_ready_model(triton, engine):
    _, client = triton
    assert client.is_server_live()
    assert client.is_server_ready()
    assert client.is_model_ready("winnow")
    assert client.is_model_ready("winnow", engine.name)
    assert not client.is_model_ready("another")
    assert "winnow" in str(client.get_server_metadata())
    assert all(name in str(client.get_model_metadata("winnow")) for name in ("device_type", "item_ids", engine.name))


def test_several_users_are_answered_at_once_as_each_is_alone(triton, ours):
    kind, client = triton
    result = client.infer("winnow", inputs(kind, 10), request_id="42")
    assert_same(answered(result), recommended(ours, 10))
    assert len(set(map(str, answered(result)))) > 1, "users differ"
    response = result.get_response()
    assert (response["id"] if isinstance(response, dict) else response.id) == "42"


def test_json_says_what_bytes_say(addresses, ours):
    kind = tritonclient.http
    client = kind.InferenceServerClient(addresses[kind])
    wanted = [kind.InferRequestedOutput(name, binary_data=False) for name in ("item_ids", "scores", "count")]
    result = client.infer("winnow", inputs(kind, 10, binary_data=False), outputs=wanted)
    client.close()
    assert_same(answered(result), recommended(ours, 10))


def test_what_is_missing_is_padded_and_counted(triton, engine):
    kind, client = triton
    user = kind.InferInput("user_id", [1], "BYTES")
    user.set_data_from_numpy(np.array(["u1"], object))
    k = kind.InferInput("k", [1], "INT32")
    k.set_data_from_numpy(np.array([1000], np.int32))
    result = client.infer("winnow", [user, k], model_version=engine.name)
    items = len(engine.catalogue)
    assert result.as_numpy("count").tolist() == [items]
    assert set(result.as_numpy("item_ids")[0, items:]) == {b""}
    assert set(result.as_numpy("scores")[0, items:].tolist()) == {NO_SCORE}


def test_only_wanted_outputs_come(triton):
    kind, client = triton
    result = client.infer("winnow", inputs(kind, 3), outputs=[kind.InferRequestedOutput("item_ids")])
    assert result.as_numpy("item_ids").shape == (len(USERS), 3)
    assert result.as_numpy("scores") is None


def test_lists_are_logged_under_the_name_of_the_call_and_their_numbers(triton):
    kind, client = triton
    if kind is tritonclient.grpc:
        client.infer("winnow", inputs(kind, 5), headers={"x-request-id": "told"})  # read when the service has stopped


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ({"model_name": "another"}, "another"),
        ({"model_version": "7"}, "has no version '7'"),
        ({"headers": {"x-api-key": "wrong"}}, "not one of this service"),
        ({"headers": {"x-forwarded-for": "10.0.0.9"}}, "needs an API key"),
    ],
)
def test_refusals_reach_the_caller_as_sentences(triton, how, words):
    kind, client = triton
    with pytest.raises(InferenceServerException) as caught:
        # A copy: the client over HTTP adds to the headers that it is given.
        client.infer(**{"model_name": "winnow", "inputs": inputs(kind, 3), **deepcopy(how)})
    assert words in caught.value.message()
    assert caught.value.message().endswith(".")


def test_the_client_for_event_loops_is_answered_as_well(addresses, ours):
    async def asked() -> Any:
        client = tritonclient.http.aio.InferenceServerClient(addresses[tritonclient.http])
        try:
            return await client.infer("winnow", inputs(tritonclient.http, 4))
        finally:
            await client.close()

    assert_same(answered(asyncio.run(asked())), recommended(ours, 4))
