"""Around every request: its name, its time, and the last word when the program itself fails."""

import logging
import re
from time import perf_counter
from uuid import uuid4

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from winnow.serving.errors import error_response
from winnow.serving.meters.request_in_hand import request_in_hand
from winnow.serving.meters.request_record import RequestRecord

logger = logging.getLogger(__name__)

SANE_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
HEADER = "X-Request-Id"
GONE = 499
"""Status in metrics and logs, never sent, of a request whose caller left before its body was whole."""


class Observer:
    """ASGI middleware. What fails by mistake is logged with its traceback and answered with a 500 without one.

    Args:
        app: the application inside.
        record: told about every request.
    """

    def __init__(self, app: ASGIApp, record: RequestRecord) -> None:
        self._app, self._record = app, record

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = request_id_of(Headers(scope=scope).get(HEADER))
        scope.setdefault("state", {})["request_id"] = request_id
        in_hand = request_in_hand.set(request_id)
        # One that came in one piece may have waited for its turn since.
        started, answer = scope["state"].get("whole_at", perf_counter()), _Answer(send, request_id)
        try:
            await self._app(scope, receive, answer)
        except ClientDisconnect:
            answer.status = GONE
        except Exception:
            logger.exception("Request %s failed.", request_id)
            await self._fail(answer, scope, receive)
        finally:
            # Only the route's own path, and not what callers write.
            route = getattr(scope.get("route"), "path", "other")
            self._record.add(scope, route, answer.status, started)
            request_in_hand.reset(in_hand)

    async def _fail(self, answer: "_Answer", scope: Scope, receive: Receive) -> None:
        if answer.status:
            return
        failed = error_response(500, {"code": "internal", "message": failure(answer.request_id)}, path=scope["path"])
        await failed(scope, receive, answer)


class _Answer:
    """Passes an answer on, adds the request's name to it, and remembers its status; 0 before it began."""

    def __init__(self, send: Send, request_id: str) -> None:
        self._send = send
        self.request_id = request_id
        self.status = 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            MutableHeaders(scope=message)[HEADER] = self.request_id
        await self._send(message)


def request_id_of(given: str | None) -> str:
    """The caller's own name for the request when it is short and plain, a fresh one otherwise."""
    return given if given and SANE_ID.fullmatch(given) else uuid4().hex


def failure(request_id: str) -> str:
    """What is said of a mistake of the program."""
    return f"Something failed inside the service; its log holds the cause under {request_id}."
