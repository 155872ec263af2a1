from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.parser import text_string_to_metric_families

from winnow.pipeline.trace import StageTrace, Trace
from winnow.serving.metrics import Metrics


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
