"""Calls over gRPC, by the stubs of the public client, in one event loop with the service."""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from typing import Any

import grpc
import grpc.aio
import numpy as np
import pytest
import uvloop
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient
from tritonclient.grpc import service_pb2
from tritonclient.grpc.service_pb2_grpc import GRPCInferenceServiceStub

from tests.unit.serving.conftest import KEY
from tests.unit.serving.reserved_port import reserved_port
from tests.unit.serving.small_engine import small_engine
from winnow.api.limits import MAX_BODY_BYTES, MAX_INFERENCE_ROWS
from winnow.engine.engine import Engine
from winnow.pipeline.stage import Stage
from winnow.schema.errors import SettingsError
from winnow.serving.access.known_key import hashed_keys
from winnow.serving.app import create_app
from winnow.serving.inference.inference_bytes import bytes_of, texts_of
from winnow.serving.inference.inference_calls import CONTENTS
from winnow.serving.settings.settings import Settings

BUNDLE = "small-20261121-0001"
ELSEWHERE = ("x-forwarded-for", "10.0.0.9")
"""As a proxy says that somebody else calls."""
Scenario = Callable[[GRPCInferenceServiceStub], Awaitable[Any]]


def during(scenario: Scenario, engine: Engine | None = None, run: Callable = asyncio.run) -> Any:
    """What the scenario returns while a service answers from the engine."""
    with reserved_port() as port:
        return run(_while_alive(scenario, app_of(engine or small_engine(), port), port))


async def _while_alive(scenario: Scenario, app: FastAPI, port: int) -> Any:
    async with alive(app), grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
        return await scenario(GRPCInferenceServiceStub(channel))


def app_of(engine: Engine, port: int) -> FastAPI:
    return create_app(engine, Settings(grpc_port=port, key_hashes=hashed_keys([KEY]), demand_s=0))


def alive(app: FastAPI) -> AbstractAsyncContextManager:
    return app.router.lifespan_context(app)


def asked(*inputs: tuple[str, str, list], **more) -> service_pb2.ModelInferRequest:
    """A request whose tensors are elements."""
    request = service_pb2.ModelInferRequest(model_name="winnow", **more)
    for name, datatype, elements in inputs:
        tensor = request.inputs.add(name=name, datatype=datatype, shape=[len(elements)])
        getattr(tensor.contents, CONTENTS.get(datatype, "bool_contents")).extend(elements)
    return request


def item_ids(answer: service_pb2.ModelInferResponse) -> list[str]:
    place = [each.name for each in answer.outputs].index("item_ids")
    return texts_of(answer.raw_output_contents[place])


def code_of(request: Any, method: str = "ModelInfer", metadata: tuple = ()) -> tuple[grpc.StatusCode, str]:
    async def refused(stub: GRPCInferenceServiceStub) -> tuple[grpc.StatusCode, str]:
        try:
            await getattr(stub, method)(request, metadata=metadata)
        except grpc.aio.AioRpcError as error:
            return error.code(), error.details() or ""
        return grpc.StatusCode.OK, ""

    return during(refused)


@pytest.mark.parametrize("run", [asyncio.run, uvloop.run])
def test_elements_and_bytes_ask_the_same_in_any_event_loop(run):
    elements = asked(("user_id", "BYTES", [b"ann", b"bob"]), ("k", "INT32", [1, 2]), ("timestamp", "FP64", [2e9, 2e9]))
    raw = service_pb2.ModelInferRequest()
    raw.CopyFrom(elements)
    for tensor in raw.inputs:
        tensor.ClearField("contents")
    contents = [bytes_of(["ann", "bob"]), np.array([1, 2], "<i4").tobytes(), np.array([2e9, 2e9]).tobytes()]
    raw.raw_input_contents.extend(contents)
    elements.inputs[2].contents.fp64_contents[:] = [float("nan")] * 2  # as absent

    async def both(stub: GRPCInferenceServiceStub) -> list[list[str]]:
        raw.inputs[2].datatype, raw.raw_input_contents[2] = "INT64", np.array([1_800_000_000] * 2, "<i8").tobytes()
        return [item_ids(await stub.ModelInfer(each)) for each in (elements, raw)]

    assert during(both, run=run) == [["item-0", "", "item-0", "item-1"]] * 2


def test_the_answer_names_its_bundle_itself_and_its_tensors():
    async def one(stub: GRPCInferenceServiceStub) -> Any:
        request = asked(("user_id", "BYTES", [b"ann"]), ("k", "INT64", [2]), id="42")
        request.outputs.add(name="scores")
        request.outputs.add(name="count")
        return await stub.ModelInfer(request, metadata=(("x-request-id", "mine"),))

    answer = during(one)
    assert (answer.model_name, answer.model_version, answer.id) == ("winnow", BUNDLE, "42")
    assert {name: each.string_param for name, each in answer.parameters.items()} == {
        "request_id": "mine",
        "degraded": "",
    }
    assert [(each.name, each.datatype, list(each.shape)) for each in answer.outputs] == [
        ("scores", "FP32", [1, 2]),
        ("count", "INT32", [1]),
    ]
    assert list(answer.raw_output_contents) == [np.array([8, 7], "<f4").tobytes(), np.array([2], "<i4").tobytes()]


def test_the_service_tells_of_itself():
    async def all_of_it(stub: GRPCInferenceServiceStub) -> None:
        assert (await stub.ServerLive(service_pb2.ServerLiveRequest())).live
        assert (await stub.ServerReady(service_pb2.ServerReadyRequest())).ready
        server = await stub.ServerMetadata(service_pb2.ServerMetadataRequest())
        assert (server.name, list(server.extensions)) == ("winnow", ["binary_tensor_data"])
        model = await stub.ModelMetadata(service_pb2.ModelMetadataRequest(name="winnow", version=BUNDLE))
        assert (model.name, list(model.versions)) == ("winnow", [BUNDLE])
        assert [each.name for each in model.inputs] == ["device_type", "user_id", "session_id", "timestamp", "k"]
        assert [(each.name, list(each.shape)) for each in model.outputs] == [
            ("item_ids", [-1, -1]),
            ("scores", [-1, -1]),
            ("count", [-1]),
        ]
        ready = [
            (await stub.ModelReady(service_pb2.ModelReadyRequest(name=name, version=version))).ready
            for name, version in (("winnow", ""), ("winnow", BUNDLE), ("winnow", "7"), ("other", ""))
        ]
        assert ready == [True, True, False, False]

    during(all_of_it)


ANN = ("user_id", "BYTES", [b"ann"])


@pytest.mark.parametrize(
    ("request_", "code", "words"),
    [
        (asked(ANN, model_version="7"), "NOT_FOUND", f"no version '7'; the bundle that answers is '{BUNDLE}'."),
        (asked(), "INVALID_ARGUMENT", "The inputs are of 0 requests"),
        (asked(ANN, ("k", "INT32", [1, 2])), "INVALID_ARGUMENT", "'k' is of 2 requests, and 'user_id' of 1"),
        (asked(("user_id", "BOOL", [True])), "INVALID_ARGUMENT", "is of the datatype 'BOOL'; BYTES is wanted."),
        (asked(("user_id", "BYTES", [b"\xff"])), "INVALID_ARGUMENT", "element 0 is not UTF-8"),
        (asked(ANN, raw_input_contents=[b"\0\0\0\0"]), "INVALID_ARGUMENT", "1 raw contents came for 1 inputs"),
        (asked(("user_id", "BYTES", [b"x" * MAX_BODY_BYTES])), "RESOURCE_EXHAUSTED", ""),
    ],
)
def test_what_cannot_be_answered_is_refused_with_a_code_and_a_sentence(request_, code, words):
    found, sentence = code_of(request_)
    assert found.name == code
    assert words in sentence


def test_another_model_is_not_found():
    for method in ("ModelInfer", "ModelMetadata"):
        names = {"model_name": "other"} if method == "ModelInfer" else {"name": "other"}
        found, sentence = code_of(getattr(service_pb2, f"{method}Request")(**names), method)
        assert found is grpc.StatusCode.NOT_FOUND
        assert sentence == "There is no model 'other'; the one that there is, is 'winnow'."


def test_what_the_protocol_has_and_the_service_has_not_is_unimplemented():
    assert code_of(service_pb2.ModelConfigRequest(name="winnow"), "ModelConfig")[0] is grpc.StatusCode.UNIMPLEMENTED


def test_bytes_that_are_no_message_are_refused_with_a_sentence():
    async def sent(port: int) -> grpc.aio.AioRpcError:
        async with alive(app_of(small_engine(), port)), grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
            with pytest.raises(grpc.aio.AioRpcError) as caught:
                await channel.unary_unary("/inference.GRPCInferenceService/ModelInfer")(b"\xff")
        return caught.value

    with reserved_port() as port:
        error = asyncio.run(sent(port))
    assert error.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert error.details() == "The message cannot be read; ModelInferRequest is wanted."


@pytest.mark.parametrize(
    ("metadata", "code"),
    [
        ((), "OK"),
        ((ELSEWHERE,), "UNAUTHENTICATED"),
        ((ELSEWHERE, ("x-api-key", KEY)), "OK"),
        ((ELSEWHERE, ("authorization", f"Bearer {KEY}")), "OK"),
        ((("x-api-key", "wrong"),), "UNAUTHENTICATED"),
    ],
)
def test_keys_are_those_of_http(metadata, code):
    assert code_of(asked(ANN), metadata=metadata)[0].name == code


def test_a_mistake_of_ours_is_internal_and_calls_are_counted():
    def broken(*_):
        raise ZeroDivisionError

    async def whole(port: int) -> None:
        app = app_of(small_engine(ranking=(Stage(name="broken", run=broken),)), port)
        async with alive(app), grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
            with pytest.raises(grpc.aio.AioRpcError, match="its log holds the cause under mine") as caught:
                await GRPCInferenceServiceStub(channel).ModelInfer(asked(ANN), metadata=(("x-request-id", "mine"),))
            async with AsyncClient(transport=ASGITransport(app), base_url="http://winnow") as client:
                told = (await client.get("/metrics")).text
        assert caught.value.code() is grpc.StatusCode.INTERNAL
        assert 'winnow_request_seconds_count{route="grpc ModelInfer",status="500"} 1.0' in told

    with reserved_port() as port:
        asyncio.run(whole(port))


@dataclass(frozen=True)
class WatchedPipeline:
    """Tells that it answers."""

    inner: Any
    runs: list[int]
    entered: asyncio.Event

    @property
    def sources(self) -> Any:
        return self.inner.sources

    def __call__(self, requests: Any) -> Any:
        self.runs.append(len(requests))
        self.entered.set()
        return self.inner(requests)


def test_a_call_in_flight_is_finished_before_the_port_is_closed():
    async def whole(port: int) -> list[str]:
        engine = small_engine()
        watched = WatchedPipeline(engine.pipeline, [], asyncio.Event())
        app = app_of(replace(engine, pipeline=watched), port)  # type: ignore[arg-type]
        request = asked(("user_id", "BYTES", [b""] * MAX_INFERENCE_ROWS), ("k", "INT32", [1] * MAX_INFERENCE_ROWS))
        async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
            async with alive(app):
                call = GRPCInferenceServiceStub(channel).ModelInfer(request)
                await watched.entered.wait()
                assert sum(watched.runs) < MAX_INFERENCE_ROWS, "it goes on while the port is closed"
            return item_ids(await call)

    with reserved_port() as port:
        assert asyncio.run(whole(port)) == ["item-0"] * MAX_INFERENCE_ROWS


def test_two_workers_share_a_port_and_another_program_does_not():
    async def two(port: int) -> None:
        async with alive(app_of(small_engine(), port)), alive(app_of(small_engine(), port)):
            pass

    with reserved_port() as port:
        asyncio.run(two(port))
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SettingsError, match=f"Cannot listen on 127.0.0.1, port {port}, for gRPC: .*GRPC_PORT"):
            app_of(small_engine(), port)
