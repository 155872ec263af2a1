import numpy as np
import pytest

from tests.unit.pipeline.tables import FunctionFilter, candidates_of, items, requests_of
from winnow.pipeline.stage import filter_stage, hydrate_stage, score_stage


def test_a_filter_stage_keeps_what_its_mask_says_and_all_columns():
    odd = filter_stage("odd", FunctionFilter(lambda _, candidates: candidates.item_rows % 2 == 1))
    kept = odd(requests_of(["", ""]), candidates_of([[1, 2], [3]], score=[1, 2, 3]))
    assert items(kept) == [[1], [3]]
    assert kept.array("score").tolist() == [1, 3]


def test_a_filter_that_loses_count_is_refused():
    broken = filter_stage("broken", FunctionFilter(lambda _, candidates: np.ones(len(candidates) - 1, bool)))
    with pytest.raises(ValueError, match="mask of 2 rows came for 3 candidates"):
        broken(requests_of(["", ""]), candidates_of([[1, 2], [3]]))


def test_a_scorer_that_loses_count_is_refused():
    with pytest.raises(ValueError, match="column 'score' of 5 rows came for 2 candidates"):
        score_stage("broken", BrokenScorer())(requests_of([""]), candidates_of([[1, 2]]))


class BrokenScorer:
    def score(self, requests, candidates):
        return np.zeros(5, np.float32)


class FailingScorer:
    def score(self, requests, candidates):
        raise AssertionError("a model that cannot take an empty batch is not asked to")


def test_nothing_to_score_is_a_column_of_nothing():
    scored = score_stage("rank", FailingScorer())(requests_of(["", ""]), candidates_of([[], []]))
    assert scored.array("score").dtype == np.float32
    assert scored.array("score").shape == (0,)


class Doubler:
    def columns(self, requests, candidates):
        return {"double": candidates.item_rows * 2}


def test_a_hydrate_stage_adds_columns_and_touches_nothing_else():
    hydrated = hydrate_stage("double", Doubler())(requests_of([""]), candidates_of([[4, 3]], score=[1, 2]))
    assert items(hydrated) == [[4, 3]]
    assert hydrated.array("double").tolist() == [8, 6]
    assert hydrated.array("score").tolist() == [1, 2]
