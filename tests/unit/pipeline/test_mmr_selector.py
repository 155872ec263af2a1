from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.pipeline.shelves import answer, shelves
from winnow.pipeline.mmr_selector import MmrSelector
from winnow.pipeline.selectors import ScoreSelector
from winnow.pipeline.tradeoff import Tradeoff

DIVERSITIES = st.sampled_from([0.0, 0.1, 0.5, 0.9, 1.0])


def mmr(shelf, diversity, limits=(0.0, 1.0)):
    return MmrSelector(vectors=shelf.vectors, tradeoff=Tradeoff(diversity=diversity, limits=limits))


def check_each_pick_is_the_best_of_what_is_left(shelf, found, worth):
    """Up to rounding: nothing of the tier that comes next is worth more, given the picks before."""
    for step, item in enumerate(found):
        left = [each for each in shelf.scored if each not in found[:step]]
        rivals = [each for each in left if shelf.tier(each) == min(map(shelf.tier, left))]
        assert item in rivals
        before = [*shelf.shown, *found[:step]]
        assert worth(item, before) >= max(worth(each, before) for each in rivals) - 1e-5


@given(shelves(), DIVERSITIES)
def test_each_pick_has_the_largest_marginal_relevance_of_a_slow_loop(shelf, diversity):
    relevance = shelf.relevance

    def worth(item, before):
        alike = max((shelf.cosine(item, other) for other in before), default=0.0)
        return (1 - diversity) * relevance[item] - diversity * alike

    found = answer(mmr(shelf, diversity), shelf)
    check_each_pick_is_the_best_of_what_is_left(shelf, found.items, worth)
    assert set(found.propensities) <= {1.0}


@given(shelves())
def test_without_diversity_it_is_the_order_of_scores(shelf):
    assert answer(mmr(shelf, 0.0), shelf) == answer(ScoreSelector(), shelf)


@given(shelves())
def test_where_all_are_alike_ties_go_by_score_and_item_row(shelf):
    shelf = replace(shelf, vectors=np.ones_like(shelf.vectors))
    assert answer(mmr(shelf, 1.0), shelf).items == answer(ScoreSelector(), shelf).items


TWINS = dict(enumerate([(3.0, False), (2.9, False), (1.0, False)]))


def twins(shelf):
    """Items 0 and 1 are one and the same but for the length of their vectors, item 2 is something else."""
    vectors = np.zeros((8, 3), np.float32)
    vectors[:3] = [[1, 0, 0], [5, 0, 0], [0, 1, 0]]
    return replace(shelf, vectors=vectors, scored=TWINS, shown=(), k=3)


@given(shelves())
def test_the_twin_of_the_best_item_waits(shelf):
    assert answer(mmr(twins(shelf), 0.0), twins(shelf)).items == [0, 1, 2]
    assert answer(mmr(twins(shelf), 0.8), twins(shelf)).items == [0, 2, 1]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [(None, [0, 1, 2]), (np.nan, [0, 1, 2]), (0.8, [0, 2, 1]), (0.05, [0, 1, 2]), (0.0, [0, 1, 2])],
)
@given(shelf=shelves())
def test_a_request_may_ask_for_its_own_diversity(asked, expected, shelf):
    shelf = twins(shelf)
    request = replace(shelf.request, diversity=None if asked is None else np.array([asked]))
    assert mmr(shelf, 0.0).select(request, shelf.candidates).rows.tolist() == [2 - item for item in expected]


@given(shelves(), DIVERSITIES, DIVERSITIES)
def test_beyond_the_limits_a_request_gets_the_limit(shelf, asked, limit):
    candidates = shelf.candidates
    request = replace(shelf.request, diversity=np.array([asked]))
    found = mmr(shelf, limit, (limit, limit)).select(request, candidates)
    assert found.rows.tolist() == mmr(shelf, limit).select(shelf.request, candidates).rows.tolist()
