import time
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.pipeline.tables import SilentState, TableScorer, lists, requests_of
from tests.unit.pipeline.world import Visitor, World, pipeline_of, slow_answer, worlds
from winnow.pipeline.cap import Cap
from winnow.pipeline.capped_selector import CappedSelector
from winnow.pipeline.merge import RANKS, SCORES
from winnow.pipeline.pinned_selector import PinnedSelector
from winnow.pipeline.pipeline import Pipeline
from winnow.pipeline.recorder import LATE
from winnow.pipeline.selectors import GumbelSelector, ScoreSelector
from winnow.pipeline.stage import hydrate_stage, request_stage, score_stage, skippable_stage
from winnow.schema.errors import Unavailable

CAPPED = CappedSelector(selector=GumbelSelector(), caps=(Cap(values=np.arange(9) % 3, most=1),))
SELECTORS = pytest.mark.parametrize(
    "selector",
    [ScoreSelector(), GumbelSelector(temperature=0.5), CAPPED, PinnedSelector(selector=CAPPED, places={2: 1, 5: 3})],
)

MANY = settings(max_examples=3 * settings.default.max_examples)
SHOP = World(
    allowed=[True] * 8,
    scores=[8, 7, 6, 5, 4, 3, 2, 1],
    popular=range(8),
    quotas=(2, 1),
    visitors=[Visitor(k=3, proposed=[3, 4, 5, 6], seen=frozenset({0, 3})), Visitor(k=1, proposed=[7, 6])],
)


def answered(answer):
    return lists(answer.item_rows, answer.offsets)


def check_guarantee(world, answer):
    """As many as asked, or all that may be; no item twice; the seen only after everything else, flagged, last."""
    flags = lists(answer.seen, answer.offsets)
    for visitor, found, flagged in zip(world.visitors, answered(answer), flags, strict=True):
        possible = world.possible(visitor)
        assert len(found) == min(visitor.k, len(possible))
        assert len(set(found)) == len(found)
        assert set(found) <= possible
        assert flagged == [item in visitor.seen for item in found]
        assert flagged == sorted(flagged)
        if any(flagged):
            assert possible - visitor.seen <= set(found)


@SELECTORS
@MANY
@given(world=worlds())
def test_k_items_whenever_k_are_allowed(selector, world):
    check_guarantee(world, pipeline_of(world, selector)(world.requests()))


@MANY
@given(worlds())
def test_the_answer_is_that_of_a_slow_loop(world):
    answer = pipeline_of(world, ScoreSelector())(world.requests())
    assert answered(answer) == [slow_answer(world, visitor) for visitor in world.visitors]
    np.testing.assert_array_equal(answer.scores, np.array(world.scores, np.float32)[answer.item_rows])
    assert (answer.propensities == 1).all()


@SELECTORS
@given(world=worlds())
def test_a_batch_is_answered_as_its_requests_are_alone(selector, world):
    pipeline, requests = pipeline_of(world, selector), world.requests(seed=7)
    together = pipeline(requests)
    alone = [pipeline(requests.take(np.array([place]))) for place in range(len(requests))]
    assert together.request_ids == sum((each.request_ids for each in alone), ())
    assert answered(together) == [each.item_rows.tolist() for each in alone]
    for name in ("scores", "propensities", "seen"):
        expected = [getattr(each, name).tolist() for each in alone]
        np.testing.assert_equal(lists(getattr(together, name), together.offsets), expected)


@given(worlds())
def test_without_the_seen_filter_nobody_has_seen_anything(world):
    answer = pipeline_of(world, ScoreSelector()).without("seen")(world.requests())
    forgetful = [replace(visitor, seen=frozenset()) for visitor in world.visitors]
    assert answered(answer) == [slow_answer(world, visitor) for visitor in forgetful]
    assert not answer.seen.any()


def test_a_filter_that_is_not_there_cannot_be_left_out():
    with pytest.raises(ValueError, match="no filter 'stock'; the filters are: allowed, wanted, exclude, seen"):
        pipeline_of(SHOP, ScoreSelector()).without("stock")


def test_nobody_asks_and_nothing_is_answered():
    answer = pipeline_of(SHOP, GumbelSelector())(requests_of([]))
    assert (answer.request_ids, answered(answer)) == ((), [])
    assert answer.offsets.tolist() == [0]


def test_candidates_are_scored_and_wear_the_marks_of_their_sources():
    requests, candidates = pipeline_of(SHOP, ScoreSelector()).candidates(SHOP.requests())
    assert len(requests) == 2
    assert lists(candidates.item_rows, candidates.offsets) == [[1, 2, 4, 5, 6], [0, 6, 7]]
    nan = np.nan
    assert {candidates.array(name).dtype for name in (RANKS, SCORES)} == {np.dtype(np.float32)}
    proposals, popular = candidates.array(RANKS).T
    np.testing.assert_array_equal(proposals, np.float32([nan, nan, 1, 2, 3, nan, 1, 0]))
    np.testing.assert_array_equal(popular, np.float32([1, 2, nan, nan, nan, 0, nan, nan]))
    assert candidates.array("score").tolist() == [7, 6, 4, 3, 2, 8, 2, 1]


def test_the_trace_tells_every_stage_in_order_with_its_counts():
    trace = pipeline_of(SHOP, ScoreSelector())(SHOP.requests(), details=True).trace
    assert [(stage.name, stage.rows_in, stage.rows_out) for stage in trace.stages] == [
        ("state", 2, 2),
        ("proposals", 0, 4),
        ("popular", 0, 2),
        ("retrieve", 0, 6),
        ("allowed", 6, 6),
        ("wanted", 6, 6),
        ("exclude", 6, 6),
        ("seen", 6, 4),
        ("fill", 4, 8),
        ("rank", 8, 8),
        ("select", 8, 4),
    ]
    assert trace.degraded == ()
    after = {stage.name: lists(stage.item_rows, stage.offsets) for stage in trace.stages[1:]}
    assert after["proposals"] == [[3, 4], [7, 6]]
    assert after["popular"] == [[0], [0]]
    assert after["seen"] == [[4], [0, 6, 7]]
    assert after["fill"] == [[1, 2, 4, 5, 6], [0, 6, 7]]
    assert after["select"] == [[1, 2, 4], [0]]


@given(worlds())
def test_every_source_and_every_stage_is_one_row_however_much_is_filled_up(world):
    pipeline = pipeline_of(world, ScoreSelector(), state=SilentState())
    trace = pipeline(world.requests()).trace
    rows = {stage.name: stage for stage in trace.stages}
    assert list(rows) == [
        "state", "proposals", "popular", "retrieve", "allowed", "wanted", "exclude", "seen", "fill", "rank", "select",
    ]  # fmt: skip
    assert len(rows) == len(trace.stages)
    sources = rows["proposals"], rows["popular"]
    assert max(each.rows_out for each in sources) <= rows["retrieve"].rows_out <= sum(each.rows_out for each in sources)
    assert sum(each.seconds for each in sources) <= rows["retrieve"].seconds
    assert [name for name, row in rows.items() if row.fault] == ["state"]


@pytest.mark.parametrize("name", ["allowed", "popular", "rank", "retrieve"])
def test_two_stages_of_one_name_are_refused(name):
    pipeline = pipeline_of(SHOP, ScoreSelector())
    with pytest.raises(ValueError, match=f"Two stages of the pipeline are called '{name}'"):
        replace(pipeline, ranking=(*pipeline.ranking, score_stage(name, AgeScorer())))


def test_details_are_kept_only_when_asked_for():
    trace = pipeline_of(SHOP, ScoreSelector())(SHOP.requests()).trace
    assert all(stage.item_rows is None and stage.offsets is None for stage in trace.stages)


class Marker:
    def columns(self, requests, candidates=None):
        return {"mark": np.ones(len(requests if candidates is None else candidates))}


def test_what_no_answer_depends_on_runs_for_training_explanations_and_details_alone():
    plain = pipeline_of(SHOP, ScoreSelector())
    asked = replace(request_stage("asked", Marker()), unread=True)
    marked = replace(hydrate_stage("marked", Marker()), unread=True)
    pipeline = replace(plain, request_stages=(*plain.request_stages, asked), ranking=(marked, *plain.ranking))
    short, long = (pipeline(SHOP.requests(), details=details) for details in (False, True))
    names = {stage.name for stage in long.trace.stages}
    assert names - {stage.name for stage in short.trace.stages} == {"asked", "marked"}
    assert answered(short) == answered(long) == answered(plain(SHOP.requests()))
    assert "mark" not in short.chosen.columns
    judged = pipeline.judge(SHOP.requests(), long.chosen.take(np.arange(2), np.array([0, 1, 2]))).items
    for requests, items in (
        pipeline.candidates(SHOP.requests()),
        (long.requests, long.chosen),
        (long.requests, judged),
    ):
        assert {"mark"} <= requests.columns.keys() & items.columns.keys()


class SlowSelector:
    def select(self, requests, candidates):
        time.sleep(0.01)
        return ScoreSelector().select(requests, candidates)


def test_selection_is_timed_as_well():
    trace = pipeline_of(SHOP, SlowSelector())(SHOP.requests()).trace
    assert trace.stages[-1].name == "select"
    assert trace.stages[-1].seconds >= 0.01


def test_a_silent_state_store_degrades_the_answer_and_nothing_else():
    answer = pipeline_of(SHOP, ScoreSelector(), state=SilentState())(SHOP.requests())
    forgetful = [replace(visitor, seen=frozenset()) for visitor in SHOP.visitors]
    assert answered(answer) == [slow_answer(SHOP, visitor) for visitor in forgetful]
    assert answer.trace.degraded == ("state",)
    assert not answer.seen.any()


class SilentHydrator:
    def columns(self, requests):
        raise Unavailable("no users")

    def missing(self, requests):
        return {"age": np.zeros(len(requests), np.float32)}


class AgeScorer:
    def score(self, requests, candidates):
        own = np.array(SHOP.scores, np.float32)[candidates.item_rows]
        return own + requests.array("age")[candidates.request_of()]


def with_ages(stage) -> Pipeline:
    rank = score_stage("rank", AgeScorer())
    pipeline = pipeline_of(SHOP, ScoreSelector())
    return replace(
        pipeline, request_stages=(*pipeline.request_stages, stage("user", SilentHydrator())), ranking=(rank,)
    )


def test_what_stands_for_unknown_reaches_the_ranker():
    answer = with_ages(skippable_stage)(SHOP.requests())
    assert answered(answer) == [slow_answer(SHOP, visitor) for visitor in SHOP.visitors]
    assert answer.trace.degraded == ("user",)
    with pytest.raises(Unavailable, match="no users"):
        with_ages(request_stage)(SHOP.requests())


def test_an_error_in_a_stage_surfaces():
    broken = replace(pipeline_of(SHOP, ScoreSelector()), ranking=(score_stage("rank", TableScorer(np.zeros(1))),))
    with pytest.raises(IndexError):
        broken(SHOP.requests())


class Clock:
    """Shows one second more each time that somebody looks."""

    def __init__(self):
        self.now = 0

    def __call__(self):
        self.now += 1
        return self.now


def answer_within(world, deadline, selector=CAPPED):
    pipeline = replace(pipeline_of(world, selector), clock=Clock(), late_selector=ScoreSelector())
    return pipeline(replace(world.requests(), deadline=deadline))


@given(world=worlds(), deadline=st.integers(0, 40))
def test_k_items_whenever_k_are_allowed_however_little_time_there_is(world, deadline):
    answer = answer_within(world, deadline)
    for visitor, found in zip(world.visitors, answered(answer), strict=True):
        possible = world.possible(visitor)
        assert len(found) == len(set(found)) == min(visitor.k, len(possible))
        assert set(found) <= possible


def test_what_had_no_time_is_named_in_order_and_has_a_simpler_answer():
    answer = answer_within(SHOP, 0)
    assert answer.trace.degraded == ("state", "popular", "fill", "rank", "select")
    assert {stage.fault for stage in answer.trace.stages if stage.fault} == {LATE}
    # Nobody knows what the first has seen; of the proposals alone, by the scores that stand in.
    assert answered(answer) == [[4, 3, 0], [7]]
    assert answer.propensities.tolist() == [1, 1, 1, 1]


def test_without_a_deadline_nothing_is_late():
    assert answer_within(SHOP, None).trace.degraded == ()
    assert answer_within(SHOP, 1000).trace.degraded == ()
    assert answered(answer_within(SHOP, 1000)) == answered(answer_within(SHOP, None))


@given(deadline=st.integers(0, 60))
def test_once_late_always_late(deadline):
    trace = answer_within(SHOP, deadline).trace
    may_be_late = [stage.fault for stage in trace.stages if stage.name in {"state", "popular", "rank", "select"}]
    assert may_be_late == sorted(may_be_late, key=lambda fault: fault is not None)
