"""When the pipeline ran for a request."""

import time
from collections.abc import Collection
from dataclasses import dataclass

from winnow.engine.engine import Engine
from winnow.pipeline.trace import Trace

RUNS = "runs"
"""Where the state of a request holds those that it took, one after the other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunTrace:
    """A Trace knows durations; this is the instant that they end at.

    Attributes:
        trace: of the run.
        sources: names of the stages that are parts of `retrieve`.
        ended_ns: nanoseconds since 1970, UTC.
    """

    trace: Trace
    sources: Collection[str]
    ended_ns: int

    @staticmethod
    def of(engine: Engine, trace: Trace) -> "RunTrace":
        """Of a run that ends now."""
        names = [each.name for each in engine.pipeline.sources]
        return RunTrace(trace=trace, sources=names, ended_ns=time.time_ns())
