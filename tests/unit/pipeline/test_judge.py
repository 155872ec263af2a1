"""Given items are worth what they are worth in an answer, and nothing is filtered."""

from dataclasses import replace
from itertools import count

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.pipeline.tables import items, lists, ragged_of
from tests.unit.pipeline.world import Visitor, World, pipeline_of, worlds
from winnow.pipeline.candidates import Candidates
from winnow.pipeline.merge import RANKS
from winnow.pipeline.pipeline import Pipeline
from winnow.pipeline.requests import Requests
from winnow.pipeline.selectors import ScoreSelector
from winnow.pipeline.source_hydrator import SOURCE_FEATURES, SourceHydrator
from winnow.pipeline.stage import hydrate_stage, score_stage
from winnow.schema.column import Array

NAMES = ("proposals", "popular")


class Unmatched:
    """Nobody had anything, as far as the ranker is told."""

    def columns(self, requests, candidates):
        return {"match": np.zeros((len(candidates), 3), np.float32)}


class SourceScorer:
    """A ranker that reads the sources, and by them the other candidates of the request."""

    def score(self, requests: Requests, candidates: Candidates) -> Array:
        features = candidates.array(SOURCE_FEATURES)
        return features @ np.arange(1, features.shape[1] + 1, dtype=np.float32) + candidates.item_rows / 16


def reading_sources(world: World) -> Pipeline:
    """Of items of odd rows nobody had any when `popular` counted: they get the mean of the other candidates."""
    odd = np.arange(world.num_items) % 2 == 1
    said = SourceHydrator.of(NAMES, world.num_items, ((("popular",), ~odd),))
    ranking = (hydrate_stage("match", Unmatched()), hydrate_stage("sources", said), score_stage("rank", SourceScorer()))
    return replace(pipeline_of(world, ScoreSelector()), ranking=ranking)


def given_items(batch: list[list[int]]) -> Candidates:
    rows = ragged_of(batch)
    return Candidates(item_rows=rows.values, offsets=rows.offsets)


@given(worlds(), st.randoms(use_true_random=False))
def test_what_is_a_candidate_has_the_score_of_the_answer_and_nothing_is_lost(world, random):
    pipeline, asked = reading_sources(world), [[*range(world.num_items)] for _ in world.visitors]
    for row in asked:
        random.shuffle(row)
    judged = pipeline.judge(world.requests(), given_items(asked))
    assert items(judged.items) == asked
    _, candidates = pipeline.candidates(world.requests())
    for row, own, scores, expected in zip(
        asked,
        items(candidates),
        lists(judged.items.array("score"), judged.items.offsets),
        lists(candidates.array("score"), candidates.offsets),
        strict=True,
    ):
        score_of = dict(zip(row, scores, strict=True))
        assert [score_of[item] for item in own] == expected
        assert all(np.isfinite(scores))


@given(worlds(), st.integers(0, 40))
def test_however_little_time_there_is_all_items_are_held_to_one_measure(world, deadline):
    everything = [[*range(world.num_items)] for _ in world.visitors]
    pipeline = replace(pipeline_of(world, ScoreSelector()), clock=count().__next__)
    judged = pipeline.judge(replace(world.requests(), deadline=deadline), given_items(everything))
    measure = range(world.num_items) if "rank" in judged.trace.degraded else world.scores
    np.testing.assert_array_equal(judged.items.array("score"), np.float32([*measure] * len(world.visitors)))


@settings(max_examples=40)
@given(worlds())
def test_every_filter_is_asked_of_every_item(world):
    everything = [[*range(world.num_items)] for _ in world.visitors]
    judged = pipeline_of(world, ScoreSelector()).judge(world.requests(), given_items(everything))
    removed = {name: lists(each, judged.items.offsets) for name, each in judged.removed_by.items()}
    for place, visitor in enumerate(world.visitors):
        wanted = set(range(world.num_items)) if visitor.wanted is None else visitor.wanted
        expected = {
            "allowed": [not world.allowed[item] for item in everything[place]],
            "wanted": [item not in wanted for item in everything[place]],
            "exclude": [item in visitor.exclude for item in everything[place]],
            "seen": [item in visitor.seen for item in everything[place]],
        }
        assert {name: each[place] for name, each in removed.items()} == expected


def test_what_a_filter_took_keeps_what_its_sources_said_and_what_none_proposed_has_nothing():
    world = World(
        allowed=[True, False, True, True, True],
        scores=[0.0] * 5,
        popular=[0, 2, 4, 1, 3],
        quotas=(2, 1),
        visitors=[Visitor(k=1, proposed=[1, 2, 3])],
    )
    judged = reading_sources(world).judge(world.requests(), given_items([[3, 1, 2, 0]])).items
    np.testing.assert_array_equal(judged.array(RANKS)[:, 0], np.float32([np.nan, 0, 1, np.nan]))
    np.testing.assert_array_equal(judged.array(RANKS)[:, 1], np.float32([np.nan, np.nan, np.nan, 0]))


def test_nobody_asks_and_nothing_is_asked_about():
    world = World(allowed=[True], scores=[1.0], popular=[0], quotas=(1, 1), visitors=[])
    assert items(pipeline_of(world, ScoreSelector()).judge(world.requests(), given_items([])).items) == []
    alone = replace(world, visitors=[Visitor(k=1, proposed=[])])
    assert items(pipeline_of(alone, ScoreSelector()).judge(alone.requests(), given_items([[]])).items) == [[]]
