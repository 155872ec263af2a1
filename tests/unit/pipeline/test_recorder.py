import time

import numpy as np
import pytest

from tests.unit.pipeline.tables import FunctionFilter, SilentSeen, candidates_of, catalogue_of, items, requests_of
from winnow.pipeline.filters import SeenFilter
from winnow.pipeline.recorder import Recorder
from winnow.pipeline.stage import RequestStage, filter_stage
from winnow.schema.errors import Unavailable

SLEEP_S = 0.01
CANDIDATES = candidates_of([[0, 1], [2]])
REQUESTS = requests_of(["ann", "bob"])


def silent_stage(on_fault):
    return filter_stage("seen", SeenFilter(store=SilentSeen(), catalogue=catalogue_of(3)), on_fault=on_fault)


def slow_even(_, candidates):
    time.sleep(SLEEP_S)
    return candidates.item_rows % 2 == 0


def test_a_stage_is_recorded_with_counts_and_the_time_that_it_took():
    recorder = Recorder(details=False)
    after = recorder.run(filter_stage("even", FunctionFilter(slow_even)), REQUESTS, CANDIDATES)
    (stage,) = recorder.trace().stages
    assert items(after) == [[0], [2]]
    assert (stage.name, stage.rows_in, stage.rows_out, stage.fault) == ("even", 3, 2, None)
    assert SLEEP_S <= stage.seconds < 5
    assert stage.item_rows is None
    assert stage.offsets is None


def test_details_are_the_candidates_after_the_stage():
    recorder = Recorder(details=True)
    recorder.run(filter_stage("even", FunctionFilter(slow_even)), REQUESTS, CANDIDATES)
    (stage,) = recorder.trace().stages
    assert (stage.item_rows.tolist(), stage.offsets.tolist()) == ([0, 2], [0, 1, 2])


@pytest.mark.parametrize("method", ["run", "apply"])
def test_a_silent_store_is_passed_over_and_told_where_the_stage_may_be_skipped(method):
    recorder = Recorder(details=False)
    after = getattr(recorder, method)(silent_stage("skip"), REQUESTS, CANDIDATES)
    assert after is CANDIDATES
    trace = recorder.trace()
    assert [stage.fault for stage in trace.stages] == ["The seen store does not answer."]
    assert trace.degraded == ("seen",)


@pytest.mark.parametrize("method", ["run", "apply"])
def test_a_silent_store_stops_a_stage_that_may_not_be_skipped(method):
    with pytest.raises(Unavailable, match="seen store does not answer"):
        getattr(Recorder(details=False), method)(silent_stage("fail"), REQUESTS, CANDIDATES)


def broken(requests, candidates):
    raise KeyError("a programming error")


@pytest.mark.parametrize("method", ["run", "apply"])
def test_a_programming_error_is_never_skipped(method):
    stage = filter_stage("broken", FunctionFilter(broken), on_fault="skip")
    with pytest.raises(KeyError, match="a programming error"):
        getattr(Recorder(details=False), method)(stage, REQUESTS, CANDIDATES)


def test_a_stage_inside_another_leaves_no_line_unless_it_faults():
    recorder = Recorder(details=False)
    recorder.apply(filter_stage("even", FunctionFilter(slow_even)), REQUESTS, CANDIDATES)
    assert recorder.trace().stages == ()


def test_a_name_is_degraded_once_however_often_it_faults():
    recorder = Recorder(details=False)
    for _ in range(3):
        recorder.apply(silent_stage("skip"), REQUESTS, CANDIDATES)
    assert recorder.trace().degraded == ("seen",)


class Hydrator:
    def __init__(self, error=None):
        self.error = error

    def columns(self, requests):
        if self.error:
            raise self.error
        return {"age": np.full(len(requests), 30)}

    def missing(self, requests):
        return {"age": np.zeros(len(requests))}


def hydrated(error, on_fault):
    recorder = Recorder(details=False)
    after = recorder.hydrate(RequestStage(name="user", hydrator=Hydrator(error), on_fault=on_fault), REQUESTS)
    return after.array("age").tolist(), recorder.trace()


def test_requests_get_their_columns_or_what_stands_for_unknown():
    ages, trace = hydrated(None, "skip")
    assert (ages, trace.degraded) == ([30, 30], ())
    assert [(stage.name, stage.rows_in, stage.rows_out) for stage in trace.stages] == [("user", 2, 2)]
    ages, trace = hydrated(Unavailable("no users today"), "skip")
    assert (ages, trace.degraded) == ([0, 0], ("user",))
    assert trace.stages[0].fault == "no users today"


@pytest.mark.parametrize(("error", "on_fault"), [(Unavailable("no"), "fail"), (TypeError("defect"), "skip")])
def test_other_errors_of_a_request_hydrator_surface(error, on_fault):
    with pytest.raises(type(error), match=str(error)):
        hydrated(error, on_fault)
