"""How the service says no: one shape for every refusal, a sentence in each."""

from collections.abc import Mapping
from typing import cast

import orjson
from fastapi import FastAPI, Request, Response
from starlette.exceptions import HTTPException

from winnow.api.errors import ErrorBody
from winnow.schema.errors import RequestError, Unavailable, WinnowError

CODES = {404: "not_found", 405: "method_not_allowed"}
V2 = "/v2"
"""Where the Open Inference Protocol is; its refusals have another shape."""


class ApiError(RequestError):
    """A refusal with its HTTP status.

    Args:
        status: 400 to 499.
        code: for programs.
        message: for people, a sentence.
        field: the part of the body that is meant.
    """

    def __init__(self, status: int, code: str, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.status, self.code, self.field = status, code, field


def json_response(value: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A JSON answer; numbers that are not finite become null."""
    return Response(orjson.dumps(value), status, headers, media_type="application/json")


def error_response(status: int, error: ErrorBody, headers: Mapping[str, str] | None = None, path: str = "") -> Response:
    """A refusal or failure as `winnow.api.errors` describes it; for paths below `V2`, as that protocol does."""
    if path != V2 and not path.startswith(f"{V2}/"):
        return json_response({"error": error}, status, headers)
    return json_response({"error": error["message"]}, 400 if status == 422 else status, headers)


def add_error_handlers(app: FastAPI) -> None:
    """Answers every error that is raised on purpose; the observer answers those that are not."""
    for kind in (RequestError, Unavailable):
        app.add_exception_handler(kind, _answer)
    app.add_exception_handler(HTTPException, _no_route)


async def _answer(request: Request, error: Exception) -> Response:
    return error_response(*refusal(cast("WinnowError", error)), request.url.path)


def refusal(error: WinnowError) -> tuple[int, ErrorBody, Mapping[str, str] | None]:
    """Status, body and headers of an error that was raised on purpose; what is no refusal is raised again."""
    match error:
        case ApiError():
            return error.status, error_body(error), {"WWW-Authenticate": "Bearer"} if error.status == 401 else None
        case RequestError():
            return 422, error_body(error), None
        case Unavailable():
            return 503, {"code": "unavailable", "message": str(error)}, {"Retry-After": "1"}
        case _:
            raise error


def error_body(error: RequestError) -> ErrorBody:
    """A refusal, ready for JSON."""
    if not isinstance(error, ApiError):
        return {"code": "invalid_value", "message": str(error)}
    body: ErrorBody = {"code": error.code, "message": str(error)}
    if error.field is not None:
        body["field"] = error.field
    return body


async def _no_route(request: Request, error: Exception) -> Response:
    error = cast("HTTPException", error)
    path, allowed = request.url.path[:80], (error.headers or {}).get("Allow", "another method")
    message = {
        404: f"There is nothing at '{path}'; the routes are listed at /openapi.json, and none ends with a slash.",
        405: f"'{path}' does not take {request.method}; it takes {allowed}.",
    }.get(error.status_code, str(error.detail))
    code = CODES.get(error.status_code, "refused")
    return error_response(error.status_code, {"code": code, "message": message}, error.headers, path)
