"""How long an answer may take."""

from dataclasses import dataclass
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
        limits = [each for each in (self.ms or None, asked_ms) if each is not None]
        if not limits:
            return None
        whole_at: float = getattr(request.state, "whole_at", perf_counter())
        return whole_at + min(limits) / 1e3
