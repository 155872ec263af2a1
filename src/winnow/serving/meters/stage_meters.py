"""Meters of the stages of the pipeline."""

from bisect import bisect_left
from collections import Counter as Count
from collections import defaultdict, deque
from collections.abc import Sequence
from functools import partial
from threading import Lock

from prometheus_client import CollectorRegistry, Counter, Histogram

from winnow.pipeline.trace import StageTrace, Trace

STAGE_SECONDS = (0.00001, 0.00003, 0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0)


AT_ONCE = 64
"""Runs that are counted together: to count one alone takes a twentieth of the time of the request."""


class StageMeters:
    """How long each stage took, and what went in and came out. Safe to use from several threads.

    Runs wait until there are AT_ONCE, or until somebody wants to see the meters, who calls `count` before.

    Args:
        registry: of the service.
    """

    def __init__(self, registry: CollectorRegistry) -> None:
        counter = partial(Counter, labelnames=("stage",), registry=registry)
        self._seconds = Histogram(
            "winnow_stage_seconds",
            "Runs of a pipeline stage and how long they took.",
            ("stage",),
            buckets=STAGE_SECONDS,
            registry=registry,
        )
        self._rows_in = counter("winnow_stage_candidates_in", "Candidates that went into a stage.")
        self._rows_out = counter("winnow_stage_candidates_out", "Candidates that came out of a stage.")
        self._degraded = counter(
            "winnow_degraded", "Runs of a stage that was skipped: a store did not answer, or the time was spent."
        )
        # To look a label up takes longer than to count.
        self._known: dict[str, tuple[Histogram, Counter, Counter]] = {}
        self._waiting: deque[Trace] = deque()
        self._counting = Lock()

    def trace(self, trace: Trace) -> None:
        """One run of the pipeline."""
        self._waiting.append(trace)
        if len(self._waiting) >= AT_ONCE:
            self.count()

    def count(self) -> None:
        """Counts the runs that wait."""
        runs: defaultdict[str, list[StageTrace]] = defaultdict(list)
        with self._counting:
            for _ in range(len(self._waiting)):
                for stage in self._waiting.popleft().stages:
                    runs[stage.name].append(stage)
            for name, stages in runs.items():
                self._stage(name, stages)

    def _stage(self, name: str, runs: Sequence[StageTrace]) -> None:
        seconds, rows_in, rows_out = self._known.get(name) or self._met(name)
        _observe_all(seconds, [run.seconds for run in runs])
        if candidates := sum(run.rows_in for run in runs):
            rows_in.inc(candidates)
        if candidates := sum(run.rows_out for run in runs):
            rows_out.inc(candidates)
        if faults := sum(run.fault is not None for run in runs):
            self._degraded.labels(name).inc(faults)

    def _met(self, name: str) -> tuple[Histogram, Counter, Counter]:
        meters = (self._seconds.labels(name), self._rows_in.labels(name), self._rows_out.labels(name))
        self._known[name] = meters
        return meters


def _observe_all(histogram: Histogram, amounts: Sequence[float]) -> None:
    """As `observe` of each. The client has no such call, and each of its own is two writes to a file of all workers."""
    histogram._sum.inc(sum(amounts))  # noqa: SLF001
    for place, count in Count(bisect_left(histogram._upper_bounds, each) for each in amounts).items():  # noqa: SLF001
        histogram._buckets[place].inc(count)  # noqa: SLF001
