"""`inference.GRPCInferenceService`, in the event loop of the service."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any
from urllib.parse import unquote

import grpc
import grpc.aio
from fastapi import Request

from winnow.api.inference import MODEL
from winnow.api.limits import MAX_BODY_BYTES
from winnow.schema.errors import RequestError, Unavailable
from winnow.serving.access.keys import Keys
from winnow.serving.door.limits import Limits
from winnow.serving.door.refusal import SLOW
from winnow.serving.errors import ApiError, refusal
from winnow.serving.inference.calls_at_work import CallsAtWork
from winnow.serving.inference.inference_calls import check_model, read_call, read_message, written_call
from winnow.serving.inference.inference_messages import MESSAGES
from winnow.serving.inference.inference_model import SERVER, InferenceModel
from winnow.serving.meters.observer import GONE, HEADER, failure, request_id_of
from winnow.serving.meters.request_in_hand import request_in_hand
from winnow.serving.meters.request_record import RequestRecord
from winnow.serving.settings.settings import Settings

logger = logging.getLogger(__name__)

SERVICE = "inference.GRPCInferenceService"
MOST_CALLS, MOST_OPEN = 256, 4096
"""In a process: whole and at work; and besides, those whose message has not come yet. More are refused with
RESOURCE_EXHAUSTED."""
CONNECTIONS = 1 / 16
"""Open at once, for each that HTTP may have: who calls keeps one for many calls."""
LIMITS = Limits()
AGE_S = 60.0
"""After which a connection takes no further calls, and callers make a new one, of whichever worker."""
DRAIN_S = 10
"""How long a service that is told to stop waits for the calls in flight."""
CODES: Mapping[int, grpc.StatusCode] = {
    401: grpc.StatusCode.UNAUTHENTICATED,
    403: grpc.StatusCode.PERMISSION_DENIED,
    404: grpc.StatusCode.NOT_FOUND,
    408: grpc.StatusCode.DEADLINE_EXCEEDED,
    429: grpc.StatusCode.RESOURCE_EXHAUSTED,
    500: grpc.StatusCode.INTERNAL,
    503: grpc.StatusCode.UNAVAILABLE,
}
"""Of the statuses of HTTP that are no INVALID_ARGUMENT."""

Answer = Callable[[Any, Request], Awaitable[Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class InferenceService:
    """Answers the calls that the protocol asks for; any other is UNIMPLEMENTED.

    Attributes:
        model: answers.
        keys: open ModelInfer as they open recommendations, in the metadata `authorization` or `x-api-key`.
        record: told about every call.
        at_work: bounds the calls of ModelInfer; probes are answered all the same.
    """

    model: InferenceModel
    keys: Keys
    record: RequestRecord
    at_work: CallsAtWork = field(default_factory=lambda: CallsAtWork(MOST_CALLS))

    def methods(self) -> Mapping[str, Answer]:
        """Each method by its name: takes a request, and the call as HTTP would have it."""
        return {
            "ServerLive": self._server_live,
            "ServerReady": self._server_ready,
            "ModelReady": self._model_ready,
            "ServerMetadata": self._server_metadata,
            "ModelMetadata": self._model_metadata,
            "ModelInfer": self._model_infer,
        }

    async def _server_live(self, _: Any, __: Request) -> Any:
        return MESSAGES["ServerLiveResponse"](live=True)

    async def _server_ready(self, _: Any, __: Request) -> Any:
        return MESSAGES["ServerReadyResponse"](ready=True)

    async def _model_ready(self, asked: Any, _: Request) -> Any:
        is_ready = asked.name == MODEL and asked.version in ("", *self.model.versions)
        return MESSAGES["ModelReadyResponse"](ready=is_ready)

    async def _server_metadata(self, _: Any, __: Request) -> Any:
        return MESSAGES["ServerMetadataResponse"](**SERVER)

    async def _model_metadata(self, asked: Any, _: Request) -> Any:
        check_model(asked.name)
        return MESSAGES["ModelMetadataResponse"](**self.model.metadata(asked.version))

    async def _model_infer(self, asked: Any, call: Request) -> Any:
        await self.keys.open_here(call)
        check_model(asked.model_name)
        tensors, wanted = read_call(asked)
        with self.at_work.one():
            inferred = await self.model.infer(asked.model_version, tensors, wanted, call)
        return written_call(asked.id, inferred)


@asynccontextmanager
async def serving_grpc(
    service: InferenceService, settings: Settings, limits: Limits = LIMITS, age_s: float = AGE_S
) -> AsyncGenerator[None]:
    """Answers calls on the port of the settings while the block runs; calls in flight are finished first."""
    server = grpc.aio.server(options=_options(limits, age_s), maximum_concurrent_rpcs=MOST_CALLS + MOST_OPEN)
    server.add_generic_rpc_handlers([_handlers(service, limits)])
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    server.add_insecure_port(f"{host}:{settings.grpc_port}")
    await server.start()
    try:
        yield
    finally:
        await server.stop(DRAIN_S)


def _options(limits: Limits, age_s: float) -> list[tuple[str, int]]:
    return [
        ("grpc.max_receive_message_length", MAX_BODY_BYTES),
        ("grpc.server_handshake_timeout_ms", round(1e3 * limits.head_s)),
        ("grpc.max_connection_age_ms", round(1e3 * age_s)),
        ("grpc.max_connection_age_grace_ms", round(1e3 * limits.body_s)),
        ("grpc.max_allowed_incoming_connections", round(CONNECTIONS * limits.connections)),
        ("grpc.so_reuseport", 1),
    ]


def _handlers(service: InferenceService, limits: Limits) -> grpc.GenericRpcHandler:
    # On the wire a stream of one message is a message; only the wait for it can be ended.
    handlers = {
        name: grpc.stream_unary_rpc_method_handler(
            _observed(name, _timed(name, answer, limits.body_s), service.record),
            response_serializer=MESSAGES[f"{name}Response"].SerializeToString,
        )
        for name, answer in service.methods().items()
    }
    return grpc.method_handlers_generic_handler(SERVICE, handlers)


def _timed(name: str, answer: Answer, message_s: float) -> Answer:
    """Answers once the message has come, which is waited for so long."""

    async def timed(context: Any, call: Request) -> Any:
        try:
            async with asyncio.timeout(message_s):
                sent = await context.read()
        except TimeoutError as error:
            raise ApiError(SLOW.status, SLOW.reason, SLOW.message) from error
        if not isinstance(sent, bytes):
            raise ApiError(400, "malformed_message", f"The call ended without a message; {name}Request is wanted.")
        return await answer(read_message(f"{name}Request", sent), call)

    return timed


def _observed(name: str, answer: Answer, record: RequestRecord) -> Callable[[Any, Any], Awaitable[Any]]:
    """A method that says what went wrong, and is measured."""

    async def observed(_: Any, context: Any) -> Any:
        call, started, status = _as_http(context), perf_counter(), GONE
        in_hand = request_in_hand.set(call.state.request_id)
        try:
            answered = await answer(context, call)
            status = 200
            return answered
        except (RequestError, Unavailable) as error:
            status, body, _ = refusal(error)
            sentence = body["message"]
        except Exception:
            logger.exception("Request %s failed.", call.state.request_id)
            status, sentence = 500, failure(call.state.request_id)
        finally:
            record.add(call.scope, f"grpc {name}", status, started)
            request_in_hand.reset(in_hand)
        return await context.abort(CODES.get(status, grpc.StatusCode.INVALID_ARGUMENT), sentence)

    return observed


def _as_http(context: Any) -> Request:
    """Who calls, as the rules for HTTP see it: address, headers, and the name of the request."""
    told = (
        (name, value.encode() if isinstance(value, str) else value) for name, value in context.invocation_metadata()
    )
    headers = [(name.encode(), value) for name, value in told]
    # Such as ipv4:127.0.0.1:50000 or ipv6:%5B::1%5D:50000.
    host, _, _ = unquote(context.peer()).partition(":")[2].rpartition(":")
    call = Request({"type": "http", "method": "POST", "headers": headers, "client": (host.strip("[]"), 0)})
    call.state.request_id = request_id_of(call.headers.get(HEADER))
    return call
