"""What Prometheus may know. Labels hold routes, statuses and stage names: nothing that a caller wrote."""

from collections.abc import Sequence

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest

from winnow.engine.engine import Engine
from winnow.pipeline.recommendations import Recommendations
from winnow.pipeline.trace import Trace
from winnow.serving.answer_meters import AnswerMeters
from winnow.serving.remembered_answers import RememberedAnswers
from winnow.serving.stage_meters import StageMeters
from winnow.stores.event import Event

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
        self._stages = StageMeters(self._registry)
        self._answers = AnswerMeters(self._registry, RememberedAnswers())
        self._events = self._counter("winnow_events", "Events by outcome: accepted or duplicate.", "outcome")
        self._demand_at = Gauge(
            "winnow_demand_timestamp_seconds",
            "When sources were last told what is in demand, UTC seconds; 0 while they are as the bundle has them.",
            registry=self._registry,
        )
        self._items_at = Gauge(
            "winnow_items_timestamp_seconds",
            "When an item changed last, UTC seconds; 0 while they are as the service began.",
            registry=self._registry,
            multiprocess_mode="livemax",
        )
        self._served = self._counter(
            "winnow_served_lists", "Answered lists by outcome: logged, or dropped for want of room or disk.", "outcome"
        )
        ProcessCollector(registry=self._registry)
        info = Gauge(
            "winnow_bundle_info", "1 for the bundle that answers.", ("bundle", "digest"), registry=self._registry
        )
        info.labels(bundle, digest).set(1)

    def request(self, route: str, status: int, seconds: float) -> None:
        """One answered request."""
        self._requests.labels(route, str(status)).observe(seconds)

    def trace(self, trace: Trace) -> None:
        """One run of the pipeline."""
        self._stages.trace(trace)

    def answered(self, engine: Engine, answer: Recommendations) -> None:
        """One run of the pipeline of an engine, whose B answers go out."""
        self._stages.trace(answer.trace)
        self._answers.answered(engine, answer)

    def reported(self, engine: Engine, events: Sequence[Event]) -> None:
        """Events that were stored, some of which may be about items of answers."""
        self._answers.reported(engine, events)

    def items_changed(self, at: float) -> None:
        """An item has come, gone or changed at this instant, UTC seconds."""
        self._items_at.set(at)

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

    def text(self) -> bytes:
        """Everything, in the text format of Prometheus."""
        return generate_latest(self._registry)

    def _counter(self, name: str, meaning: str, label: str) -> Counter:
        return Counter(name, meaning, (label,), registry=self._registry)
