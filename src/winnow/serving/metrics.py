"""What Prometheus may know. Labels hold routes, statuses and stage names: nothing that a caller wrote."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from winnow.pipeline.trace import StageTrace, Trace

STAGE_SECONDS = (0.00001, 0.00003, 0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0)
REQUEST_SECONDS = (0.0005, 0.001, 0.002, 0.003, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 5.0)


class Metrics:
    """All meters of one service, in a registry of its own.

    Args:
        bundle, digest: of the engine that answers.
    """

    def __init__(self, bundle: str, digest: str) -> None:
        self._registry = CollectorRegistry()
        self._requests = Histogram(
            "winnow_request_seconds",
            "Requests and how long they took, from the first byte read to the last one written.",
            ("route", "status"),
            buckets=REQUEST_SECONDS,
            registry=self._registry,
        )
        self._stages = Histogram(
            "winnow_stage_seconds",
            "Runs of a pipeline stage and how long they took.",
            ("stage",),
            buckets=STAGE_SECONDS,
            registry=self._registry,
        )
        self._rows_in = self._counter("winnow_stage_candidates_in", "Candidates that went into a stage.", "stage")
        self._rows_out = self._counter("winnow_stage_candidates_out", "Candidates that came out of a stage.", "stage")
        self._degraded = self._counter(
            "winnow_degraded",
            "Runs of a stage that was skipped: a store did not answer, or the time was spent.",
            "stage",
        )
        self._events = self._counter("winnow_events", "Events by outcome: accepted or duplicate.", "outcome")
        self._demand_at = Gauge(
            "winnow_demand_timestamp_seconds",
            "When sources were last told what is in demand, UTC seconds; 0 while they are as the bundle has them.",
            registry=self._registry,
        )
        self._served = self._counter(
            "winnow_served_lists", "Answered lists by outcome: logged, or dropped for want of room or disk.", "outcome"
        )
        self._refused = self._counter(
            "winnow_refused", "Requests and connections that were refused before any route, by reason.", "reason"
        )
        info = Gauge(
            "winnow_bundle_info", "1 for the bundle that answers.", ("bundle", "digest"), registry=self._registry
        )
        info.labels(bundle, digest).set(1)

    def request(self, route: str, status: int, seconds: float) -> None:
        """One answered request."""
        self._requests.labels(route, str(status)).observe(seconds)

    def trace(self, trace: Trace) -> None:
        """One run of the pipeline."""
        for stage in trace.stages:
            self._stage(stage)

    def events(self, accepted: int, duplicates: int) -> None:
        """One stored batch of events."""
        self._events.labels("accepted").inc(accepted)
        self._events.labels("duplicate").inc(duplicates)

    def demand(self, at: float) -> None:
        """Sources know what was in demand at this instant, UTC seconds."""
        self._demand_at.set(at)

    def lists_logged(self, count: int) -> None:
        """Answered lists that are in the log."""
        self._served.labels("logged").inc(count)

    def lists_dropped(self, count: int) -> None:
        """Answered lists that will never be in it."""
        self._served.labels("dropped").inc(count)

    def refused(self, reason: str) -> None:
        """A request or a connection that no route came to see."""
        self._refused.labels(reason).inc()

    def text(self) -> bytes:
        """Everything, in the text format of Prometheus."""
        return generate_latest(self._registry)

    def _stage(self, stage: StageTrace) -> None:
        self._stages.labels(stage.name).observe(stage.seconds)
        self._rows_in.labels(stage.name).inc(stage.rows_in)
        self._rows_out.labels(stage.name).inc(stage.rows_out)
        if stage.fault is not None:
            self._degraded.labels(stage.name).inc()

    def _counter(self, name: str, meaning: str, label: str) -> Counter:
        return Counter(name, meaning, (label,), registry=self._registry)
