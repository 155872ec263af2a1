"""How long calls over gRPC are waited for, and what is kept of them."""

import asyncio
import logging

import grpc
import grpc.aio
import pytest
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from tritonclient.grpc import service_pb2
from tritonclient.grpc.service_pb2_grpc import GRPCInferenceServiceStub

from tests.unit.serving.inference.test_inference_grpc import ANN, alive, asked
from tests.unit.serving.reserved_port import reserved_port
from tests.unit.serving.small_engine import small_engine
from winnow.engine.engine import Engine
from winnow.serving.access.key_ring import KeyRing
from winnow.serving.access.keys import Keys
from winnow.serving.app import create_app
from winnow.serving.door.limits import Limits
from winnow.serving.engines.live_engine import LiveEngine
from winnow.serving.engines.shadow import Shadow
from winnow.serving.event_log.logged_ids import LoggedIds
from winnow.serving.inference import inference_grpc
from winnow.serving.inference.inference_grpc import SERVICE, InferenceService, serving_grpc
from winnow.serving.inference.inference_model import InferenceModel
from winnow.serving.meters.metrics import Metrics
from winnow.serving.meters.otel_spans import OtelSpans
from winnow.serving.meters.request_record import RequestRecord
from winnow.serving.routes.budget import Budget
from winnow.serving.settings.settings import Settings


def service_of(engine: Engine) -> InferenceService:
    live, metrics = LiveEngine(engine), Metrics()
    record = RequestRecord(metrics=metrics, ids=LoggedIds(is_hashed=False, secret=b""))
    model = InferenceModel(live=live, metrics=metrics, shadow=Shadow(), budget=Budget())
    return InferenceService(model=model, keys=Keys(KeyRing()), record=record)


def opened(channel: grpc.aio.Channel) -> grpc.aio.StreamUnaryCall:
    """A call of ModelInfer whose message is still to come."""
    return channel.stream_unary(f"/{SERVICE}/ModelInfer")()


def test_a_call_is_a_line_of_the_log_and_a_span_under_that_of_its_caller(monkeypatch, caplog):
    exporter = InMemorySpanExporter()
    monkeypatch.setattr(OtelSpans, "to", lambda _, share: OtelSpans.through(SimpleSpanProcessor(exporter), share))
    trace, parent = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
    metadata = (("x-request-id", "mine"), ("traceparent", f"00-{trace}-{parent}-01"))

    async def whole(port: int) -> None:
        settings = Settings(grpc_port=port, demand_s=0, log_requests=True, otel_endpoint="http://collector")
        async with (
            alive(create_app(small_engine(), settings)),
            grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel,
        ):
            await GRPCInferenceServiceStub(channel).ModelInfer(asked(ANN), metadata=metadata)

    with reserved_port() as port, caplog.at_level(logging.INFO, logger="winnow"):
        asyncio.run(whole(port))
    lines = [record.getMessage() for record in caplog.records if "ModelInfer" in record.getMessage()]
    assert [line.partition(" ms=")[0] for line in lines] == ["request_id=mine route=grpc ModelInfer status=200"]
    spans = {span.name: span for span in exporter.get_finished_spans()}
    call, rank = spans["POST grpc ModelInfer"], spans["rank"]
    assert (f"{call.context.trace_id:032x}", f"{call.parent.span_id:016x}") == (trace, parent)
    assert rank.parent.span_id == call.context.span_id


def test_a_message_that_does_not_come_is_not_waited_for():
    async def whole(port: int) -> None:
        limited = serving_grpc(service_of(small_engine()), Settings(grpc_port=port), Limits(body_s=0.05))
        async with limited, grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
            call = opened(channel)  # and never written to
            assert await asyncio.wait_for(call.code(), 20) is grpc.StatusCode.DEADLINE_EXCEEDED
            assert "did not come to its end" in await call.details()

    with reserved_port() as port:
        asyncio.run(whole(port))


def test_a_call_that_ends_without_a_message_is_refused():
    async def whole(port: int) -> None:
        alone = serving_grpc(service_of(small_engine()), Settings(grpc_port=port))
        async with alone, grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
            call = opened(channel)
            await call.done_writing()
            assert await call.code() is grpc.StatusCode.INVALID_ARGUMENT
            assert await call.details() == "The call ended without a message; ModelInferRequest is wanted."

    with reserved_port() as port:
        asyncio.run(whole(port))


def test_calls_whose_message_does_not_come_take_nobodys_turn(monkeypatch):
    monkeypatch.setattr(inference_grpc, "MOST_CALLS", 1)

    async def whole(port: int) -> None:
        alone = serving_grpc(service_of(small_engine()), Settings(grpc_port=port))
        async with alone, grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
            stalled = [opened(channel) for _ in range(50)]
            for call in stalled:
                await call.wait_for_connection()
            assert len((await GRPCInferenceServiceStub(channel).ModelInfer(asked(ANN))).outputs) == 3
            assert not any(call.done() for call in stalled)
            for call in stalled:
                call.cancel()

    with reserved_port() as port:
        asyncio.run(whole(port))


def test_more_calls_than_are_answered_at_once_are_refused_and_probes_are_not(monkeypatch):
    monkeypatch.setattr(inference_grpc, "MOST_CALLS", 0)

    async def whole(port: int) -> None:
        alone = serving_grpc(service_of(small_engine()), Settings(grpc_port=port))
        async with alone, grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
            stub = GRPCInferenceServiceStub(channel)
            with pytest.raises(grpc.aio.AioRpcError, match="more requests than it can answer") as refused:
                await stub.ModelInfer(asked(ANN))
            assert refused.value.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
            assert (await stub.ServerLive(service_pb2.ServerLiveRequest())).live

    with reserved_port() as port:
        asyncio.run(whole(port))


def test_more_connections_than_are_let_in_are_closed():
    async def live(channel: grpc.aio.Channel) -> bool:
        return (await GRPCInferenceServiceStub(channel).ServerLive(service_pb2.ServerLiveRequest(), timeout=20)).live

    async def whole(port: int) -> None:
        limited = serving_grpc(service_of(small_engine()), Settings(grpc_port=port), Limits(connections=16))
        own = [("grpc.use_local_subchannel_pool", 1)]
        one, other = (grpc.aio.insecure_channel(f"127.0.0.1:{port}", own) for _ in range(2))
        async with limited, one, other:
            assert await live(one)
            with pytest.raises(grpc.aio.AioRpcError) as refused:
                await live(other)
            assert refused.value.code() is grpc.StatusCode.UNAVAILABLE
            assert await live(one)

    with reserved_port() as port:
        asyncio.run(whole(port))


def test_callers_go_on_where_their_connection_is_too_old():
    async def whole(port: int) -> None:
        limited = serving_grpc(service_of(small_engine()), Settings(grpc_port=port), age_s=0.01)
        async with limited, grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
            stub = GRPCInferenceServiceStub(channel)
            for _ in range(50):
                assert len((await stub.ModelInfer(asked(ANN))).outputs) == 3

    with reserved_port() as port:
        asyncio.run(whole(port))


def test_a_connection_that_says_nothing_is_closed():
    async def whole(port: int) -> None:
        async with serving_grpc(service_of(small_engine()), Settings(grpc_port=port), Limits(head_s=0.05)):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            await asyncio.wait_for(reader.read(), 20)  # up to its end
            writer.close()
            await writer.wait_closed()

    with reserved_port() as port:
        asyncio.run(whole(port))
