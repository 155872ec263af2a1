"""Who is told how long a request took and where, apart from the metrics."""

from typing import Protocol

from starlette.types import Scope


class Spans(Protocol):
    """Makes a span of each request, with one for each stage inside."""

    def request(self, scope: Scope, route: str, status: int, times: tuple[float, float]) -> None:
        """Tells of a request that has been answered; its state holds a RunTrace of each run of a pipeline.

        Args:
            scope: as HTTP has it.
            route: as RequestRecord has it.
            status: of HTTP.
            times: when it began and ended, instants of the process's clock (time.perf_counter).
        """
        ...

    def close(self) -> None:
        """Sends what still waits."""
        ...
