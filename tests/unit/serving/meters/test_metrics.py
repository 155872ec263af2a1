import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client import CollectorRegistry, Histogram, generate_latest
from prometheus_client.metrics import MetricWrapperBase
from prometheus_client.parser import text_string_to_metric_families

from tests.unit.serving.seats import seat
from tests.unit.serving.small_engine import small_engine
from winnow.api.recommendations import RecommendationRequest
from winnow.pipeline.merge import RANKS
from winnow.pipeline.trace import StageTrace, Trace
from winnow.serving.meters.metrics import Metrics
from winnow.serving.meters.stage_meters import AT_ONCE, STAGE_SECONDS
from winnow.serving.routes.recommendations_route import one_request


def samples(text: str) -> dict[tuple[str, ...], float]:
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_what_happened_is_counted_by_route_stage_and_outcome(client):
    client.post("/v1/recommendations", json={"k": 2})
    client.post("/v1/recommendations", json={"k": -2})
    client.post(
        "/v1/events", json={"events": [{"event_id": "e", "user_id": "u", "item_id": "item-0", "type": "view"}] * 3}
    )
    found = samples(client.get("/metrics").text)
    assert found["winnow_request_seconds_count", "/v1/recommendations", "200"] == 1
    assert found["winnow_request_seconds_count", "/v1/recommendations", "422"] == 1
    assert found["winnow_stage_seconds_count", "rank"] == 1
    assert found["winnow_stage_candidates_in_total", "allowed"] == 4
    assert found["winnow_stage_candidates_out_total", "select"] == 2
    assert found["winnow_events_total", "accepted"] == 1
    assert found["winnow_events_total", "duplicate"] == 2
    assert found["winnow_bundle_info", "small-20261121-0001", "d" * 64] == 1


def test_no_label_holds_what_a_caller_wrote(client):
    client.get("/nowhere/private-name")
    client.call("BREW", "/v1/events")
    client.post("/v1/recommendations", json={"user_id": "private-name", "exclude": ["private-name"]})
    text = client.get("/metrics").text
    assert "private-name" not in text
    assert "BREW" not in text
    assert samples(text)["winnow_request_seconds_count", "other", "404"] == 1


@given(
    st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 9), st.integers(0, 9), st.sampled_from([None, "gone"])))
)
def test_stage_meters_add_up_to_the_traces(stages):
    metrics = Metrics()
    traces = tuple(
        StageTrace(name=name, rows_in=rows_in, rows_out=rows_out, seconds=0.5, fault=fault)
        for name, rows_in, rows_out, fault in stages
    )
    metrics.trace(Trace(stages=traces))
    found = samples(metrics.text().decode())
    for name in {trace.name for trace in traces}:
        own = [trace for trace in traces if trace.name == name]
        assert found["winnow_stage_seconds_count", name] == len(own)
        assert found["winnow_stage_seconds_sum", name] == len(own) * 0.5
        assert found["winnow_stage_candidates_in_total", name] == sum(trace.rows_in for trace in own)
        assert found["winnow_stage_candidates_out_total", name] == sum(trace.rows_out for trace in own)
        assert found.get(("winnow_degraded_total", name), 0) == sum(trace.fault is not None for trace in own)


def remembered(caller, name: str, **asked) -> list[str]:
    answer = caller.post("/v1/recommendations", json=asked, headers={"X-Request-Id": name}).json()
    return [item["item_id"] for item in answer["items"]]


def report(caller, kind: str, item_id: str, request_id: str) -> None:
    event = {"user_id": "u", "item_id": item_id, "type": kind, "request_id": request_id}
    assert caller.post("/v1/events", json={"events": [event]}).status_code == 200


def test_items_count_for_their_sources_and_what_nobody_proposed_for_the_filling(client):
    remembered(client, "r-1", k=3)
    remembered(client, "r-2", k=6, exclude=["item-0"])
    remembered(client, "r-3", k=9)
    found = samples(client.get("/metrics").text)
    # The source proposes the first 4 items, 16 when it is asked again; 7 of 8 may be answered.
    assert found["winnow_answered_items_total", "popular"] == 3 + 6 + 7
    assert found["winnow_short_answers_total",] == 1
    assert found["winnow_short_items_total",] == 2
    assert found["winnow_answered_seen_items_total",] == 0
    for item in ("item-1", "item-2"):
        report(client, "click", item, "")
    remembered(client, "r-4", k=7, user_id="u")
    found = samples(client.get("/metrics").text)
    assert found["winnow_answered_items_total", "popular"] == 16 + 5
    assert found["winnow_answered_items_total", "fill"] == 2
    assert found["winnow_answered_seen_items_total",] == 2


def test_an_item_of_several_sources_counts_in_equal_parts():
    metrics, engine = Metrics(), small_engine()
    answer = engine.pipeline(one_request(engine, RecommendationRequest(k=4), "r", 1e9))
    [first], no = engine.pipeline.sources, np.nan
    sources = tuple(replace(first, name=name) for name in ("ann", "popular", "fresh"))
    chosen = answer.chosen.with_columns({RANKS: np.array([[0, 9, no], [1, no, no], [2, 3, 4], [no, no, no]])})
    metrics.answered(
        replace(engine, pipeline=replace(engine.pipeline, sources=sources)), replace(answer, chosen=chosen)
    )
    found = samples(metrics.text().decode())
    shares = {name: found["winnow_answered_items_total", name] for name in ("ann", "popular", "fresh", "fill")}
    assert shares == pytest.approx({"ann": 1 / 2 + 1 + 1 / 3, "popular": 1 / 2 + 1 / 3, "fresh": 1 / 3, "fill": 1})


def test_what_is_shown_and_clicked_is_put_down_to_bundle_and_source_once_each(client):
    bundle = "small-20261121-0001"
    first, second, *_ = remembered(client, "r-1", k=3, user_id="u")
    for kind, item_id in (("impression", first), ("impression", second), ("impression", first), ("click", second)):
        report(client, kind, item_id, "r-1")
    report(client, "view", first, "r-1")
    report(client, "click", "item-6", "r-1")
    report(client, "click", first, "unknown")
    report(client, "impression", first, "")
    found = samples(client.get("/metrics").text)
    assert found["winnow_shown_total", bundle, "popular"] == 2
    assert found["winnow_clicks_total", bundle, "popular"] == 1
    assert found["winnow_unattributed_total", "click"] == 2
    assert found["winnow_unattributed_total", "impression"] == 1


def test_a_click_on_an_item_that_only_the_canary_has_is_the_canarys(client):
    found, live = seat("b"), client.app.state.demand.live
    # The last item of the bundle that serves is in the answer too, and must not be taken for it.
    names = ("only-here", "item-7", *(f"other-{n}" for n in range(6)))
    catalogue = replace(found.engine.catalogue, item_ids=names)
    live.lineup = live.lineup.prepared(replace(found, engine=replace(found.engine, catalogue=catalogue)))
    live.lineup = live.lineup.cast("b", "canary", 1.0)
    assert remembered(client, "r-1", k=2, user_id="u") == ["only-here", "item-7"]
    for kind, item_id in (("impression", "only-here"), ("impression", "item-7"), ("click", "only-here")):
        report(client, kind, item_id, "r-1")
    told = samples(client.get("/metrics").text)
    assert told["winnow_shown_total", "bundle-of-b", "popular"] == 2
    assert told["winnow_clicks_total", "bundle-of-b", "popular"] == 1
    assert not [name for name in told if name[0] == "winnow_unattributed_total"]


def test_the_process_tells_of_its_memory_and_its_time(client):
    found = samples(client.get("/metrics").text)
    assert found["process_resident_memory_bytes",] > 10_000_000
    assert found["process_cpu_seconds_total",] > 0


def test_the_page_lists_every_metric_with_its_type_its_labels_and_its_meaning():
    page = (Path(__file__).parents[4] / "docs" / "howto" / "metrics.md").read_text()
    listed = set(re.findall(r"^\| `(\w+)` \| (\w+) \| (.*?) \| (.*) \|$", page, re.MULTILINE))
    assert listed == {row_of(each) for each in declared_metrics()}


def declared_metrics():
    registry = Metrics()._registry
    for collector in registry._collector_to_names:
        if isinstance(collector, MetricWrapperBase):
            yield collector._name, collector._type, collector._labelnames, collector._documentation
        else:
            yield from ((each.name, each.type, (), each.documentation) for each in collector.collect())


def row_of(metric) -> tuple[str, str, str, str]:
    name, kind, labels, meaning = metric
    return name + "_total" * (kind == "counter"), kind, ", ".join(f"`{each}`" for each in labels), meaning


@given(st.lists(st.sampled_from([*STAGE_SECONDS, 0.0, 0.0000099, 0.02, 5.0, 60.0]), min_size=1, max_size=2 * AT_ONCE))
def test_runs_that_are_counted_together_are_counted_as_one_by_one(seconds):
    metrics, registry = Metrics(), CollectorRegistry()
    name = "winnow_stage_seconds"
    alone = Histogram(name, "One by one.", ("stage",), buckets=STAGE_SECONDS, registry=registry)
    for each in seconds:
        metrics.trace(Trace(stages=(StageTrace(name="a", rows_in=0, rows_out=0, seconds=each),)))
        alone.labels("a").observe(each)
    found, wanted = samples(metrics.text().decode()), samples(generate_latest(registry).decode())
    told = {key: value for key, value in found.items() if key[0].startswith(name) and not key[0].endswith("created")}
    assert told == {key: pytest.approx(value) for key, value in wanted.items() if not key[0].endswith("created")}
