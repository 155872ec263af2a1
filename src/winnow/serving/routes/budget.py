"""How long an answer may take."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from time import perf_counter

from fastapi import Request


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """Time from the end of a request to that of its answer; what is left undone by then is not begun.

    Attributes:
        ms: milliseconds; 0 for as long as it takes.
    """

    ms: float = 0

    def deadline(self, request: Request, asked_ms: float | None = None) -> float | None:
        """Instant of `time.perf_counter` by which the answer is to be ready; None for no matter when.

        Args:
            request: carries, from a server of ours, when it was whole; it may have waited since.
            asked_ms: what the caller would wait, which may be less than `ms`, but not more.
        """
        return self.deadlines(request, (asked_ms,))[0]

    def deadlines(self, request: Request, asked_ms: Sequence[float | None]) -> list[float | None]:
        """Of what one call asks one after the other: each has its own time, from the end of that of the one before."""
        own_ms = self.ms or math.inf
        whole_at: float = getattr(request.state, "whole_at", perf_counter())
        ends_ms = accumulate(own_ms if each is None else min(own_ms, each) for each in asked_ms)
        return [None if each == math.inf else whole_at + each / 1e3 for each in ends_ms]
