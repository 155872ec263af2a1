"""What is asked of a service, how often, and for how long."""

import math
from dataclasses import dataclass

import numpy as np

from winnow.schema.column import Array
from winnow.schema.errors import RequestError

MAX_CONNECTIONS = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadPlan:
    """Load that can be written down and sent to another process.

    Attributes:
        url: of the service, such as http://127.0.0.1:8080.
        bodies: JSON of the requests, asked in turn and from the start again; at least one.
        path: that they are posted to.
        key: of the API; empty for none.
        connections: kept ones, 1 to MAX_CONNECTIONS.
        rate: requests a second that begin whatever became of those before, as from callers who know nothing of one
            another: the gaps between them are drawn from an exponential distribution. None has each connection ask as
            soon as it is answered.
        seconds: that count, above 0.
        warm_s: before those, of the same load.
        patience_s: how long answers are waited for at the end; what is late then has failed.
        seed: of the gaps.

    Raises:
        RequestError: a value is out of range.
    """

    url: str
    bodies: tuple[str, ...]
    path: str = "/v1/recommendations"
    key: str = ""
    connections: int = 8
    rate: float | None = None
    seconds: float = 5.0
    warm_s: float = 1.0
    patience_s: float = 5.0
    seed: int = 0

    def __post_init__(self) -> None:
        if not self.bodies:
            raise RequestError("There is nothing to ask: the load has no bodies; give it at least one.")
        if not 1 <= self.connections <= MAX_CONNECTIONS:
            raise RequestError(f"{self.connections} connections were asked for; 1 to {MAX_CONNECTIONS} are possible.")
        if self.rate is not None and not 0 < self.rate < math.inf:
            raise RequestError(f"The rate is {self.rate} requests a second; it is a finite number above 0.")
        if not (0 < self.seconds < math.inf and 0 <= self.warm_s < math.inf):
            raise RequestError(
                f"The load lasts {self.seconds} seconds after {self.warm_s} of warm-up; above 0, and 0 or more, are "
                "wanted."
            )

    def starts_s(self) -> Array:
        """float64 [N], seconds from the first moment at which requests are to begin; none where there is no rate."""
        if self.rate is None:
            return np.empty(0)
        total_s = self.warm_s + self.seconds
        # Five deviations more than are expected, so that they reach the end.
        expected = self.rate * total_s
        gaps = np.random.default_rng(self.seed).exponential(1 / self.rate, round(expected + 5 * expected**0.5 + 5))
        starts = np.cumsum(gaps)
        return starts[starts < total_s]
