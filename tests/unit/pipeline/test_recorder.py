import time

import numpy as np
import pytest

from tests.unit.pipeline.tables import FunctionFilter, candidates_of, items, requests_of
from winnow.pipeline.recorder import Recorder
from winnow.pipeline.stage import filter_stage, request_stage, skippable_stage
from winnow.schema.errors import Unavailable

SLEEP_S = 0.01
CANDIDATES = candidates_of([[0, 1], [2]])
REQUESTS = requests_of(["ann", "bob"])


def silent(requests, candidates):
    raise Unavailable("The seen store does not answer.")


def silent_stage(on_fault):
    return filter_stage("seen", FunctionFilter(silent), on_fault=on_fault)


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


def test_a_silent_store_is_passed_over_and_told_where_the_stage_may_be_skipped():
    recorder = Recorder(details=False)
    after = recorder.run(silent_stage("skip"), REQUESTS, CANDIDATES)
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


class Flickering:
    """A filter whose store answers as the list says, call by call."""

    def __init__(self, *answers):
        self.answers = list(answers)

    def keep(self, requests, candidates):
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return np.full(len(candidates), answer)


def flickered(*answers):
    """The trace of a stage that runs once, and then again inside another one; and what each run left."""
    recorder = Recorder(details=False)
    stage = filter_stage("seen", Flickering(*answers), on_fault="skip")
    after = [recorder.run(stage, REQUESTS, CANDIDATES)]
    after += [recorder.apply(stage, REQUESTS, candidates_of([[7], []])) for _ in answers[1:]]
    return recorder.trace(), [items(each) for each in after]


def test_a_stage_that_runs_again_inside_another_leaves_no_second_row():
    trace, after = flickered(True, False)
    assert after == [[[0, 1], [2]], [[], []]]
    assert [(row.name, row.rows_in, row.rows_out, row.fault) for row in trace.stages] == [("seen", 3, 3, None)]


@pytest.mark.parametrize("answers", [(True, Unavailable("one"), Unavailable("two")), (Unavailable("one"), True)])
def test_a_fault_inside_another_stage_is_told_in_the_one_row_of_its_name(answers):
    trace, after = flickered(*answers)
    assert [(row.name, row.rows_in, row.rows_out, row.fault) for row in trace.stages] == [("seen", 3, 3, "one")]
    assert trace.degraded == ("seen",)
    assert after[1:] == [[[7], []]] * len(answers[1:])


class Hydrator:
    def __init__(self, error=None):
        self.error = error

    def columns(self, requests):
        if self.error:
            raise self.error
        return {"age": np.full(len(requests), 30)}

    def missing(self, requests):
        return {"age": np.zeros(len(requests))}


def hydrated(error, stage):
    recorder = Recorder(details=False)
    after = recorder.hydrate(stage("user", Hydrator(error)), REQUESTS)
    return after.array("age").tolist(), recorder.trace()


def test_requests_get_their_columns_or_what_stands_for_unknown():
    ages, trace = hydrated(None, skippable_stage)
    assert (ages, trace.degraded) == ([30, 30], ())
    assert [(stage.name, stage.rows_in, stage.rows_out) for stage in trace.stages] == [("user", 2, 2)]
    ages, trace = hydrated(Unavailable("no users today"), skippable_stage)
    assert (ages, trace.degraded) == ([0, 0], ("user",))
    assert trace.stages[0].fault == "no users today"


@pytest.mark.parametrize(
    ("error", "stage"), [(Unavailable("no"), request_stage), (TypeError("defect"), skippable_stage)]
)
def test_other_errors_of_a_request_hydrator_surface(error, stage):
    with pytest.raises(type(error), match=str(error)):
        hydrated(error, stage)
