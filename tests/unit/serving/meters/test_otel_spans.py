import itertools
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode

from tests.unit.serving.conftest import Caller
from tests.unit.serving.inference_shop import users
from tests.unit.serving.live_service import live_service, raw_answer
from tests.unit.serving.small_engine import SilentState, small_engine
from winnow.serving import app as application
from winnow.serving.app import create_app
from winnow.serving.meters.otel_spans import OtelSpans
from winnow.serving.routes.slices import SLICE
from winnow.serving.settings.settings import Settings

PATH = "/v1/recommendations"
TRACE, PARENT = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"


@pytest.fixture
def exported(monkeypatch):
    exporter = InMemorySpanExporter()
    monkeypatch.setattr(OtelSpans, "to", lambda _, share: OtelSpans.through(SimpleSpanProcessor(exporter), share))
    return exporter


def service(engine=None, **settings) -> Caller:
    return Caller(create_app(engine or small_engine(), Settings(otel_endpoint="http://collector", **settings)))


def test_a_request_is_a_span_and_each_stage_is_one_inside(exported):
    service().post(PATH, json={"k": 2}, headers={"X-Request-Id": "r-1"})
    spans = {span.name: span for span in exported.get_finished_spans()}
    whole, retrieve = spans[f"POST {PATH}"], spans["retrieve"]
    stages = ["state", "retrieve", "allowed", "wanted", "exclude", "seen", "fill", "rank", "select"]
    assert set(spans) == {f"POST {PATH}", "popular", *stages}
    assert {spans[name].parent.span_id for name in stages} == {whole.context.span_id}
    assert spans["popular"].parent.span_id == retrieve.context.span_id
    assert whole.attributes == {
        "http.request.method": "POST", "http.route": PATH, "http.response.status_code": 200, "winnow.request_id": "r-1",
    }  # fmt: skip
    assert spans["allowed"].attributes == {"winnow.rows_in": 4, "winnow.rows_out": 4}
    ends = [spans[name].end_time for name in stages]
    assert [spans[name].start_time for name in stages[1:]] == ends[:-1]
    assert whole.start_time <= spans["state"].start_time
    assert ends[-1] <= whole.end_time
    assert retrieve.start_time == spans["popular"].start_time
    assert spans["popular"].end_time <= retrieve.end_time


def test_stages_stay_inside_their_request_whatever_happens_to_the_clock_of_the_day(exported, monkeypatch):
    day = itertools.count(1_800_000_000_000_000_000, -1_000_000_000)
    monkeypatch.setattr(time, "time_ns", lambda: next(day))
    service().post(PATH, json={"k": 2})
    spans = {span.name: span for span in exported.get_finished_spans()}
    whole = spans[f"POST {PATH}"]
    assert whole.start_time <= spans["state"].start_time
    assert spans["select"].end_time <= whole.end_time


def test_a_caller_that_traces_is_the_parent_and_decides(exported):
    caller = service(otel_share=0.0)
    caller.post(PATH, json={}, headers={"traceparent": f"00-{TRACE}-{PARENT}-01"})
    [whole] = [span for span in exported.get_finished_spans() if span.name == f"POST {PATH}"]
    assert (f"{whole.context.trace_id:032x}", f"{whole.parent.span_id:016x}") == (TRACE, PARENT)
    exported.clear()
    caller.post(PATH, json={}, headers={"traceparent": f"00-{TRACE}-{PARENT}-00"})
    caller.post(PATH, json={})
    caller.post(PATH, json={}, headers={"traceparent": "nonsense"})
    assert exported.get_finished_spans() == ()


def test_a_stage_that_was_skipped_is_an_error_and_its_request_is_none(exported):
    caller = service(small_engine(state=SilentState()))
    assert caller.post(PATH, json={}).status_code == 200
    spans = {span.name: span for span in exported.get_finished_spans()}
    assert spans["state"].status.status_code is StatusCode.ERROR
    assert spans["state"].status.description == "The state store does not answer."
    assert spans[f"POST {PATH}"].status.status_code is StatusCode.UNSET


@pytest.mark.parametrize(
    ("path", "body", "runs"),
    [
        ("/v1/batch", {"requests": [{"k": 1}] * (SLICE + 1)}, 2),
        ("/v1/score", {"items": ["item-1"]}, 1),
        ("/v2/models/winnow/infer", {"inputs": [users(*["ann"] * (SLICE + 1))]}, 2),
    ],
)
def test_every_run_of_the_pipeline_that_a_call_takes_is_inside_its_span(exported, path, body, runs):
    assert service().post(path, json=body).status_code == 200
    spans = exported.get_finished_spans()
    [whole] = [span for span in spans if span.kind is SpanKind.SERVER]
    ranks = [span for span in spans if span.name == "rank"]
    assert [span.parent.span_id for span in ranks] == [whole.context.span_id] * runs
    assert [span.end_time for span in ranks] == sorted(span.end_time for span in ranks)


def test_other_routes_are_spans_without_stages(exported):
    service().get("/nowhere/private")
    [span] = exported.get_finished_spans()
    assert (span.name, span.attributes["http.response.status_code"]) == ("GET other", 404)


def test_nobody_traces_unless_an_endpoint_is_set():
    assert application._spans(Settings()) is None


def test_spans_reach_a_collector_before_the_service_has_ended():
    received = []

    class Collector(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            received.append((self.path, body))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_):
            pass

    with HTTPServer(("127.0.0.1", 0), Collector) as collector:
        thread = threading.Thread(target=collector.serve_forever)
        thread.start()
        endpoint = f"http://127.0.0.1:{collector.server_port}"
        with live_service(small_engine(), Settings(port=0, otel_endpoint=endpoint)) as address:
            raw_answer(address, b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        collector.shutdown()
        thread.join()
    [(path, body)] = received
    [resource] = ExportTraceServiceRequest.FromString(body).resource_spans
    assert path == "/v1/traces"
    assert {each.key: each.value.string_value for each in resource.resource.attributes}["service.name"] == "winnow"
    assert [span.name for scope in resource.scope_spans for span in scope.spans] == ["GET /healthz"]
