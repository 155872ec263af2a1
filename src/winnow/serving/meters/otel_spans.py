"""OpenTelemetry's spans of requests, sent by OTLP over HTTP. The only file that knows OpenTelemetry."""

import time
from dataclasses import dataclass
from importlib.metadata import version
from urllib.parse import urlsplit

from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, SERVICE_VERSION, Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.sampling import ParentBased, TraceIdRatioBased
from opentelemetry.trace import Span, SpanKind, Status, StatusCode, set_span_in_context
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from starlette.datastructures import Headers
from starlette.types import Scope

from winnow.pipeline.trace import StageTrace
from winnow.serving.meters.run_trace import RUNS, RunTrace

WHERE = "/v1/traces"
SERVICE = "winnow"
PROPAGATOR = TraceContextTextMapPropagator()
FAILED = 500


@dataclass(frozen=True, slots=True)
class OtelSpans:
    """A span for each request, under the caller's own where it sends a W3C traceparent; stages are spans inside.

    Spans are made once a request is answered, from what was measured anyway: the Trace holds how long each stage took,
    so that lengths are as measured; where they begin is as if each had followed on the one before. All instants of a
    request are of one clock and are put to the day's time by one shift: the day's clock may be set in between.

    Attributes:
        provider: sends them.
    """

    provider: TracerProvider

    @staticmethod
    def to(endpoint: str, share: float) -> "OtelSpans":
        """Sends to a collector in the background.

        Args:
            endpoint: URL of an OTLP receiver over HTTP; without a path, its /v1/traces.
            share: of requests that are traced, 0 to 1; who sends a traceparent decides for itself.
        """
        url = endpoint if urlsplit(endpoint).path.strip("/") else endpoint.rstrip("/") + WHERE
        return OtelSpans.through(BatchSpanProcessor(OTLPSpanExporter(endpoint=url)), share)

    @staticmethod
    def through(processor: SpanProcessor, share: float = 1.0) -> "OtelSpans":
        """Gives spans to a processor."""
        resource = Resource.create({SERVICE_NAME: SERVICE, SERVICE_VERSION: version("winnow-recsys")})
        provider = TracerProvider(resource=resource, sampler=ParentBased(TraceIdRatioBased(share)))
        provider.add_span_processor(processor)
        return OtelSpans(provider)

    def request(self, scope: Scope, route: str, status: int, times: tuple[float, float]) -> None:
        since_1970_ns = time.time_ns() - _ns(time.perf_counter())
        began_ns, ended_ns = (since_1970_ns + _ns(instant) for instant in times)
        caller = PROPAGATOR.extract(Headers(scope=scope))
        span = self._begun(f"{scope['method']} {route}", caller, began_ns, SpanKind.SERVER)
        if span.is_recording():
            told = {"http.request.method": scope["method"], "http.route": route, "http.response.status_code": status}
            span.set_attributes({**told, "winnow.request_id": scope["state"]["request_id"]})
            if status >= FAILED:
                span.set_status(Status(StatusCode.ERROR))
            for run in scope["state"].get(RUNS, ()):
                self._stages(set_span_in_context(span), run, since_1970_ns + _ns(run.ended))
        span.end(ended_ns)

    def close(self) -> None:
        self.provider.shutdown()

    def _stages(self, inside: Context, run: RunTrace, ended_ns: int) -> None:
        steps = [stage for stage in run.trace.stages if stage.name not in run.sources]
        begun_ns = ended_ns - sum(_ns(stage.seconds) for stage in steps)
        for stage in steps:
            span = self._stage(inside, stage, begun_ns)
            if stage.name == "retrieve":
                self._sources(set_span_in_context(span), run, begun_ns)
            begun_ns += _ns(stage.seconds)

    def _sources(self, inside: Context, run: RunTrace, begun_ns: int) -> None:
        for stage in run.trace.stages:
            if stage.name in run.sources:
                self._stage(inside, stage, begun_ns)
                begun_ns += _ns(stage.seconds)

    def _stage(self, inside: Context, stage: StageTrace, begun_ns: int) -> Span:
        span = self._begun(stage.name, inside, begun_ns, SpanKind.INTERNAL)
        span.set_attributes({"winnow.rows_in": stage.rows_in, "winnow.rows_out": stage.rows_out})
        if stage.fault is not None:
            span.set_status(Status(StatusCode.ERROR, stage.fault))
        span.end(begun_ns + _ns(stage.seconds))
        return span

    def _begun(self, name: str, inside: Context, at_ns: int, kind: SpanKind) -> Span:
        return self.provider.get_tracer(SERVICE).start_span(name, inside, kind, start_time=at_ns)


def _ns(seconds: float) -> int:
    return round(seconds * 1e9)
