"""Meters of the stages of the pipeline."""

from functools import partial

from prometheus_client import CollectorRegistry, Counter, Histogram

from winnow.pipeline.trace import StageTrace, Trace

STAGE_SECONDS = (0.00001, 0.00003, 0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0)


class StageMeters:
    """How long each stage took, and what went in and came out.

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

    def trace(self, trace: Trace) -> None:
        """One run of the pipeline."""
        for stage in trace.stages:
            self._stage(stage)

    def _stage(self, stage: StageTrace) -> None:
        seconds, rows_in, rows_out = self._known.get(stage.name) or self._met(stage.name)
        seconds.observe(stage.seconds)
        if stage.rows_in:
            rows_in.inc(stage.rows_in)
        if stage.rows_out:
            rows_out.inc(stage.rows_out)
        if stage.fault is not None:
            self._degraded.labels(stage.name).inc()

    def _met(self, name: str) -> tuple[Histogram, Counter, Counter]:
        meters = (self._seconds.labels(name), self._rows_in.labels(name), self._rows_out.labels(name))
        self._known[name] = meters
        return meters
