"""Headers that keep browsers from doing with an answer what nobody meant them to."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

SECURE_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    # An answer is data: nothing in it may be run, and no page may frame it.
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"cross-origin-resource-policy", b"same-origin"),
    # Most answers are about somebody.
    (b"cache-control", b"no-store"),
)


class SecureHeaders:
    """ASGI middleware that adds SECURE_HEADERS to every answer; a header that the answer has already stays.

    Args:
        app: the application inside.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def secured(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = message["headers"]
                names = {name.lower() for name, _ in own}
                message["headers"] = [*own, *(each for each in SECURE_HEADERS if each[0] not in names)]
            await send(message)

        await self._app(scope, receive, secured)
