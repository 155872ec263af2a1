"""What became of a load."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from winnow.schema.column import Array

OK = 200
UNANSWERED = 0
"""Stands for the status of a request whose connection broke, or whose answer did not come in time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadResult:
    """Every request that began after the warm-up.

    Attributes:
        latencies_ms: float64 [N], from when a request was to begin, whether or not a connection was free.
        statuses: int64 [N], of HTTP; UNANSWERED where there is none.
        degraded: answers of status 200 that lacked something.
        seconds: from the first of those moments to the last answer.
        generator_share: processor time that making the load took, over the time that passed; 1 is a whole core.
    """

    latencies_ms: Array
    statuses: Array
    degraded: int
    seconds: float
    generator_share: float

    def __len__(self) -> int:
        return len(self.statuses)

    @property
    def failed(self) -> int:
        """Requests that were refused or not answered."""
        return int((self.statuses != OK).sum())

    @property
    def per_s(self) -> float:
        """Good answers a second."""
        return (len(self) - self.failed) / self.seconds if len(self) else 0.0

    def quantile_ms(self, share: float) -> float:
        """The time within which this share of the requests was over; infinite where none was made."""
        return float(np.quantile(self.latencies_ms, share)) if len(self) else float("inf")

    def to_dict(self) -> dict[str, Any]:
        """As plain values."""
        return {
            "latencies_ms": self.latencies_ms.tolist(),
            "statuses": self.statuses.tolist(),
            "degraded": self.degraded,
            "seconds": self.seconds,
            "generator_share": self.generator_share,
        }

    @staticmethod
    def from_dict(values: Mapping[str, Any]) -> "LoadResult":
        """What `to_dict` wrote."""
        return LoadResult(
            latencies_ms=np.array(values["latencies_ms"], np.float64),
            statuses=np.array(values["statuses"], np.int64),
            degraded=values["degraded"],
            seconds=values["seconds"],
            generator_share=values["generator_share"],
        )
