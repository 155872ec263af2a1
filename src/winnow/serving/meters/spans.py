"""Who is told how long a request took and where, apart from the metrics."""

from typing import Protocol

from starlette.types import Scope


class Spans(Protocol):
    """Makes a span of each request, with one for each stage inside."""

    def request(self, scope: Scope, route: str, status: int, seconds: float) -> None:
        """Tells of a request that has just been answered; its state holds a RunTrace of each run of a pipeline."""
        ...

    def close(self) -> None:
        """Sends what still waits."""
        ...
