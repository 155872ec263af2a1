from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from tests.unit.training.visits import ITEMS, Visit, schema_of, table_of
from winnow.ops.replay import ReplayedRequests, replay, sampled
from winnow.pipeline.candidates import Candidates
from winnow.pipeline.click_hydrators import CLICKS
from winnow.pipeline.requests import Requests
from winnow.schema.column import Ragged, offsets_of
from winnow.training.interactions import interactions_of
from winnow.training.progress import silent
from winnow.training.ranking import RankingConfig
from winnow.training.ranking_rows import RankingRows


def requests_of(batch: int) -> Requests:
    vectors = np.arange(batch * 2, dtype=np.float32).reshape(batch, 2)
    return Requests(
        request_ids=tuple(map(str, range(batch))),
        user_ids=("",) * batch,
        at=np.zeros(batch),
        k=np.zeros(batch, np.int64),
        exclude=Ragged(np.empty(0, np.int64), np.zeros(batch + 1, np.int64)),
        seeds=np.zeros(batch, np.uint64),
        columns={"query": vectors, "history_vector": -vectors, "moment_vector": 2 * vectors},
    )


def candidates_of(*items: list[int]) -> Candidates:
    flat = np.concatenate([np.array(each, np.int64) for each in items])
    match = np.stack([flat, flat], axis=1).astype(np.float32)
    columns = {"match": match, "source_features": np.repeat(-match, 2, axis=1)}
    return Candidates(item_rows=flat, offsets=offsets_of(np.array(list(map(len, items)))), columns=columns)


def test_the_click_stands_among_other_candidates_each_once():
    clicked = np.array([7, 3])
    generator = np.random.default_rng(0)
    for _ in range(50):
        candidates = candidates_of([1, 2, 7, 9, 4], [3, 5, 6, 8])
        rows = sampled(requests_of(2), candidates, np.array([10, 11]), clicked, 3, generator)
        assert rows["labels"].sum(axis=1).tolist() == [1, 1]
        assert rows["items"][rows["labels"] == 1].tolist() == [7, 3]
        assert all(len(set(each)) == 3 for each in rows["items"].tolist())
        assert (rows["match"][:, :, 0] == rows["items"]).all()
        assert (rows["source_features"][:, :, 3] == -rows["items"]).all()
        assert set(rows["items"][0]) <= {1, 2, 7, 9, 4}


def test_every_other_candidate_is_drawn_as_often_as_the_next():
    generator = np.random.default_rng(0)
    drawn = np.zeros(6)
    for _ in range(3_000):
        rows = sampled(requests_of(1), candidates_of(list(range(6))), np.zeros(1, int), np.array([0]), 3, generator)
        drawn += np.bincount(rows["items"][0], minlength=6)
    assert drawn[0] == 3_000
    assert drawn[1:] / 3_000 == pytest.approx(0.4, abs=0.04)


def test_requests_whose_click_was_not_retrieved_or_that_have_too_few_candidates_are_left_out():
    candidates = candidates_of([1, 2, 3], [1, 2, 3], [5, 4], [])
    rows = sampled(requests_of(4), candidates, np.arange(4), np.array([2, 9, 5, 1]), 3, np.random.default_rng(0))
    assert rows["examples"].tolist() == [0]
    assert rows["query"].tolist() == [[0.0, 1.0]]
    assert rows["history_vector"].tolist() == [[0.0, -1.0]]
    assert rows["moment_vector"].tolist() == [[0.0, 2.0]]


def test_what_is_known_of_clicks_goes_along_with_its_candidate():
    candidates = candidates_of([1, 2, 7, 9, 4], [3, 5, 6, 8])
    told = np.stack([candidates.item_rows, -candidates.item_rows, 0.5 * candidates.item_rows], axis=1)
    candidates = candidates.with_columns({CLICKS: told.astype(np.float32)})
    rows = sampled(requests_of(2), candidates, np.arange(2), np.array([7, 3]), 3, np.random.default_rng(0))
    assert rows["clicks"].shape == (2, 3, 3)
    np.testing.assert_array_equal(rows["clicks"], rows["items"][..., None] * np.array([1, -1, 0.5]))


@dataclass
class EveryItem:
    """A pipeline that proposes all items and remembers what it was asked."""

    told: bool = False
    asked: list[Requests] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    num_items = ITEMS.num_rows

    def without(self, name: str) -> "EveryItem":
        self.left_out.append(name)
        return self

    def candidates(self, requests: Requests) -> tuple[Requests, Candidates]:
        self.asked.append(requests)
        vectors = np.zeros((len(requests), 2), np.float32)
        hydrated = replace(requests, columns={"query": vectors, "history_vector": vectors, "moment_vector": vectors})
        candidates = candidates_of(*[list(range(self.num_items))] * len(requests))
        told = {CLICKS: 10 * candidates.array("match")} if self.told else {}
        return hydrated, candidates.with_columns(told)

    @property
    def times(self) -> dict[int, float]:
        """When each example was asked for."""
        return {int(name): at for each in self.asked for name, at in zip(each.request_ids, each.at, strict=True)}


MINUTE = 60.0
MINUTES = [0, 20, 40, 60, 200, 210, 300]
"""Of Ann's clicks; the first four are one visit, the next two another."""


def replayed(
    later: list[bool], *, told: bool = False, strangers: float = 0.0, **config: Any
) -> tuple[RankingRows, EveryItem]:
    clicks = [Visit("ann", number % 4, "click", minutes * MINUTE) for number, minutes in enumerate(MINUTES)]
    interactions = interactions_of(table_of(clicks), ITEMS, schema_of(("click",), ("click",)))
    data: Any = SimpleNamespace(interactions=interactions, num_items=ITEMS.num_rows)
    asked = ReplayedRequests(data=data, context={}, later=np.array(later))
    pipeline = EveryItem(told=told)
    engine: Any = SimpleNamespace(pipeline=pipeline, catalogue=SimpleNamespace(tower=np.eye(4, dtype=np.float32)))
    return replay(engine, asked, RankingConfig(**config), 0, silent, strangers=strangers), pipeline


def test_every_click_is_asked_for_at_the_landing_of_its_visit_and_without_the_seen_filter():
    rows, pipeline = replayed([True] * 7)
    expected = [0, 0, 0, 0, 200, 200, 300]
    assert pipeline.times == {click: minutes * MINUTE for click, minutes in enumerate(expected)}
    assert pipeline.left_out == ["seen"]
    assert rows.items[rows.labels > 0].tolist() == [1, 2, 3, 0, 1, 2]


def test_what_nobody_had_until_the_click_was_not_passed_over():
    rows, _ = replayed([True] * 7)
    assert rows.examples.tolist() == [1, 2, 3, 4, 5, 6], "beside the very first click nothing was there"
    assert rows.retrieved == pytest.approx(6 / 7)
    there = {1: {0, 1}, 2: {0, 1, 2}}
    for example, items in zip(rows.examples.tolist(), rows.items.tolist(), strict=True):
        assert set(items) <= there.get(example, {0, 1, 2, 3})


def test_what_the_retrieval_has_seen_is_not_asked_for_and_the_rest_of_its_visit_is_a_visit():
    _, pipeline = replayed([False, False, True, True, True, True, True])
    expected = {2: 40, 3: 40, 4: 200, 5: 200, 6: 300}
    assert pipeline.times == {click: minutes * MINUTE for click, minutes in expected.items()}


def test_only_the_latest_are_replayed_and_their_visits_began_when_they_began():
    rows, pipeline = replayed([True] * 7, requests=2)
    assert pipeline.times == {5: 200 * MINUTE, 6: 300 * MINUTE}
    assert rows.examples.tolist() == [5, 6]


def test_some_are_asked_once_more_as_if_nobody_knew_who_asks():
    rows, pipeline = replayed([True] * 7, strangers=0.5)
    who = [name for each in pipeline.asked for name in each.user_ids]
    asked = [int(name) for each in pipeline.asked for name in each.request_ids]
    assert who[:7] == ["ann"] * 7
    assert 0 < len(who[7:]) < 7
    assert set(who[7:]) == {""}
    assert asked[:7] == list(range(7))
    assert len(set(asked[7:])) == len(asked[7:])
    assert sorted(rows.examples.tolist()) == sorted(each for each in asked if each)
    assert rows.retrieved == pytest.approx(len(rows) / len(asked))


def test_the_ranker_is_told_of_clicks_where_the_pipeline_is_and_otherwise_of_none():
    rows, _ = replayed([True] * 7, told=True)
    np.testing.assert_array_equal(rows.clicks, 10 * rows.match)
    without, _ = replayed([True] * 7)
    assert without.clicks.shape == (*without.items.shape, 0)
    assert without.clicks.dtype == np.float32
