"""When the pipeline ran for a request."""

from collections.abc import Collection
from dataclasses import dataclass
from time import perf_counter

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
        ended: instant of the process's clock (time.perf_counter), as those of the request are.
    """

    trace: Trace
    sources: Collection[str]
    ended: float

    @staticmethod
    def of(engine: Engine, trace: Trace) -> "RunTrace":
        """Of a run that ends now."""
        names = [each.name for each in engine.pipeline.sources]
        return RunTrace(trace=trace, sources=names, ended=perf_counter())
