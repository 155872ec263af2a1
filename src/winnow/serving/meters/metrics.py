"""What Prometheus may know. Labels hold routes, statuses and stage names: nothing that a caller wrote."""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from winnow.engine.engine import Engine
from winnow.pipeline.recommendations import Recommendations
from winnow.pipeline.trace import Trace
from winnow.serving.meters.answer_meters import AnswerMeters
from winnow.serving.meters.remembered_answers import RememberedAnswers
from winnow.serving.meters.stage_meters import StageMeters
from winnow.serving.meters.worker_processes import WorkerProcesses
from winnow.stores.event import Event

REQUEST_SECONDS = (0.0005, 0.001, 0.002, 0.003, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 5.0)


class Metrics:
    """All meters of one service, in a registry of its own.

    Args:
        shared: folder in which all workers of a service keep their meters, so that any of them tells of all; None where
            there is one worker. The Prometheus client has known it since it was imported.
    """

    def __init__(self, *, shared: Path | None = None) -> None:
        self._registry, self._folder = CollectorRegistry(), shared
        self._requests = Histogram(
            "winnow_request_seconds",
            "Requests and how long they took, from the end of their headers to the last byte of the answer.",
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
            multiprocess_mode="livemin",
        )
        self._items_at = Gauge(
            "winnow_items_timestamp_seconds",
            "When the last change of an item was said, UTC seconds; 0 while they are as the bundle has them.",
            registry=self._registry,
            multiprocess_mode="livemax",
        )
        self._served = self._counter(
            "winnow_served_lists", "Answered lists by outcome: logged, or dropped for want of room or disk.", "outcome"
        )
        self._refused = self._counter(
            "winnow_refused", "Requests and connections that were refused before any route, by reason.", "reason"
        )
        ProcessCollector(registry=self._registry)
        self._bundle = Gauge(
            "winnow_bundle_info",
            "How many workers answer with a bundle.",
            ("bundle", "digest"),
            registry=self._registry,
            multiprocess_mode="livesum",
        )
        self._shadow = Gauge(
            "winnow_shadow",
            "Sums over what the candidate was asked beside the bundle that answers, since it is: requests, dropped, "
            "failed, answered, shared, shift, seconds, candidate_seconds.",
            ("sum",),
            registry=self._registry,
            multiprocess_mode="livesum",
        )
        self._told: dict[Gauge, set[tuple[str, ...]]] = {}

    @property
    def is_shared(self) -> bool:
        """Whether the service has several workers."""
        return self._folder is not None

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

    def reported(self, events: Sequence[Event]) -> None:
        """Events that were stored, some of which may be about items of answers."""
        self._answers.reported(events)

    def items_changed(self, at: float) -> None:
        """The last change of an item was said at this instant, UTC seconds; 0 for none."""
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

    def refused(self, reason: str) -> None:
        """A request or a connection that no route came to see."""
        self._refused.labels(reason).inc()

    def bundle(self, name: str, digest: str) -> None:
        """Which bundle answers now."""
        self._set(self._bundle, {(name, digest): 1.0}, gone=0.0)

    def shadow(self, sums: Mapping[str, float] | None) -> None:
        """What this worker found of the candidate; nothing while there is none."""
        told = {(name,): each for name, each in (sums or {}).items()}
        self._set(self._shadow, told, gone=math.nan)

    def _set(self, gauge: Gauge, told: Mapping[tuple[str, ...], float], gone: float) -> None:
        """Gives a gauge these values by labels. Labels that are gone stay, with a value."""
        self._told[gauge] = self._told.get(gauge, set()) | told.keys()
        for labels in self._told[gauge]:
            gauge.labels(*labels).set(told.get(labels, gone))

    def count(self) -> None:
        """Counts what waits to be counted together, for whoever reads the meters of all workers."""
        self._stages.count()

    def text(self) -> bytes:
        """Everything, in the text format of Prometheus."""
        self.count()
        if self._folder is None:
            return generate_latest(self._registry)
        shared = CollectorRegistry()
        MultiProcessCollector(shared, str(self._folder))
        shared.register(WorkerProcesses(folder=self._folder))
        return generate_latest(shared)

    def _counter(self, name: str, meaning: str, label: str) -> Counter:
        return Counter(name, meaning, (label,), registry=self._registry)
