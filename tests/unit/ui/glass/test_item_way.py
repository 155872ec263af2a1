"""How one item came into an answer."""

import pytest

from tests.told_why import answered
from winnow.ui.glass.item_way import ItemWay


def test_retrieval_sorts_by_the_best_place_in_any_source_and_what_none_proposed_comes_last() -> None:
    way, alone = ItemWay.of(answered()), [{"source": "ann", "rank": 200, "score": 0.1}]
    assert way.retrieved == (4, -0.25)
    assert [each["source"] for each in way.proposals] == ["popular", "ann"]
    assert way.retrieved < ItemWay.of(answered(sources=alone)).retrieved < ItemWay.of(answered(sources=[])).retrieved


@pytest.mark.parametrize(("rank", "told"), [(1, "↑ 2 for more variety"), (3, "as ranked"), (5, "↓ 2 for more variety")])
def test_the_move_of_reranking_is_told(rank: int, told: str) -> None:
    assert ItemWay.of(answered(rank)).moved == told


def test_the_score_is_what_the_last_stage_made_of_it() -> None:
    assert ItemWay.of(answered()).score == 1.5
    assert ItemWay.of(answered(scores={})).score is None


def test_the_reason_names_sources_place_and_move() -> None:
    assert ItemWay.of(answered()).reason == (
        "Found as “popular and fits their taste”, ranked 3rd of 195, then moved ↑ 2 for more variety."
    )


def test_what_came_back_without_a_ranker_is_told() -> None:
    back = ItemWay.of(answered(seen=True, sources=[], scores={}, place=None, of=None, moved_by=None))
    assert back.reason == "Came in to make up the number; seen before, and back for want of others."
    assert (back.move, back.moved) == (0, "")
