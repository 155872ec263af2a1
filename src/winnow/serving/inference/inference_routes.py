"""`/v2`: the Open Inference Protocol over HTTP."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from fastapi import FastAPI, Request, Response

from winnow.api.inference import (
    MODEL,
    InferenceError,
    InferenceResponse,
    LiveServer,
    ModelMetadata,
    ReadyModel,
    ReadyServer,
    ServerMetadata,
)
from winnow.api.limits import MAX_BODY_BYTES
from winnow.serving.errors import V2, json_response
from winnow.serving.inference.inference_json import INFERENCE, LENGTH_HEADER, inference_response, read_inference
from winnow.serving.inference.inference_model import SERVER, InferenceModel
from winnow.serving.routes import openapi
from winnow.serving.routes.json_body import read_body

NOTHING: Mapping[Any, Any] = MappingProxyType({})
OF_INFERENCE = (400, 401, 403, 413, 503)
BODY = {**openapi.request_body(INFERENCE), **openapi.OPEN_HERE}
BODY["requestBody"]["description"] = (
    f"JSON. Where the header {LENGTH_HEADER} says how many bytes of the body that is, the bytes of tensors follow it."
)
BYTES: Mapping[int | str, Any] = {
    200: {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}
}
"""The other form of an answer: bytes behind the JSON."""
REASONS = {
    **openapi.REASONS,
    400: "The body is not JSON, or a tensor is not what is wanted.",
    404: "Another bundle answers.",
}
IN_PATH = {
    "name": "version",
    "in": "path",
    "required": True,
    "schema": {"type": "string"},
    "description": "The name of the bundle that answers.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class InferenceRoutes:
    """What clients of inference servers ask.

    Attributes:
        model: answers.
    """

    model: InferenceModel

    async def server(self) -> Response:
        """What the service is."""
        return json_response(SERVER)

    async def live(self) -> Response:
        """Does the process live."""
        answer: LiveServer = {"live": True}
        return json_response(answer)

    async def ready(self) -> Response:
        """May it be given requests; the service listens only once its bundle is open."""
        answer: ReadyServer = {"ready": True}
        return json_response(answer)

    async def metadata(self, request: Request) -> Response:
        """What the model takes and gives."""
        return json_response(self.model.metadata(_version(request)))

    async def model_ready(self, request: Request) -> Response:
        """May the model be given requests."""
        self.model.check(_version(request))
        answer: ReadyModel = {"name": MODEL, "ready": True}
        return json_response(answer)

    async def infer(self, request: Request) -> Response:
        """Recommend items to one or several visitors, as tensors."""
        body = await read_body(request, MAX_BODY_BYTES, "send it in several calls")
        asked, tensors = read_inference(body, request.headers.get(LENGTH_HEADER))
        inferred = await self.model.infer(_version(request), tensors, asked.outputs, request)
        return inference_response(asked, inferred)


def add_inference_routes(app: FastAPI, model: InferenceModel, guards: Sequence[Any]) -> None:
    """Adds `/v2`; the guards are dependencies of inference, which alone tells of users."""
    routes = InferenceRoutes(model=model)
    path_of_model = f"{V2}/models/{MODEL}"
    a_version = f"{path_of_model}/versions/{{version}}"
    for path, answer, shape in (
        (V2, routes.server, ServerMetadata),
        (f"{V2}/health/live", routes.live, LiveServer),
        (f"{V2}/health/ready", routes.ready, ReadyServer),
        (path_of_model, routes.metadata, ModelMetadata),
        (f"{path_of_model}/ready", routes.model_ready, ReadyModel),
        (a_version, routes.metadata, ModelMetadata),
        (f"{a_version}/ready", routes.model_ready, ReadyModel),
    ):
        app.add_api_route(path, answer, methods=["GET"], response_model=shape, **_described(path))
    for path in (f"{path_of_model}/infer", f"{a_version}/infer"):
        app.add_api_route(
            path,
            routes.infer,
            methods=["POST"],
            dependencies=guards,
            response_model=InferenceResponse,
            **_described(path, OF_INFERENCE, BYTES, BODY),
        )


def _described(
    path: str,
    statuses: Sequence[int] = (),
    answers: Mapping[int | str, Any] = NOTHING,
    body: Mapping[str, Any] = NOTHING,
) -> dict[str, Any]:
    """What OpenAPI says of a route beside its shape: its refusals, its body, and the version in its path."""
    in_path = {"parameters": [IN_PATH]} if "{version}" in path else {}
    refused = (*statuses, 404) if in_path else statuses
    told = {status: {"model": InferenceError, "description": REASONS[status]} for status in refused}
    return {"responses": {**answers, **told}, "openapi_extra": {**body, **in_path}}


def _version(request: Request) -> str:
    return request.path_params.get("version", "")
