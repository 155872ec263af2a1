"""Addresses with the ids of visitors in them, kept as they were written until their parts are told apart."""

from urllib.parse import quote

from starlette.types import ASGIApp, Receive, Scope, Send

PLACES = ("/v1/users/", "/v1/sessions/")


class WrittenPath:
    """ASGI middleware. An id may hold slashes, and `/v1/users/a%2Fstate` is not the state of the user `a`.

    Servers decode a path before it is matched, so that the two look alike. Below `PLACES` it is matched as it was
    written: each id is one part of it, which the route decodes.

    Args:
        app: the application inside.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith(PLACES):
            # In place: the observer outside reads from the same scope which route it was.
            scope["path"] = _written(scope)
        await self._app(scope, receive, send)


def _written(scope: Scope) -> str:
    raw: bytes | None = scope.get("raw_path")
    return quote(scope["path"]) if raw is None else raw.decode("latin-1")
