"""`GET /healthz` and `GET /readyz`: does the process live, and may it be given requests."""

from typing import Literal

from typing_extensions import TypedDict


class HealthResponse(TypedDict):
    """The process lives."""

    status: Literal["alive"]


class ReadyResponse(TypedDict):
    """A bundle is open and answers. Of several workers, `worker` is the one that was asked."""

    status: Literal["ready"]
    bundle: str
    digest: str
    worker: str
