"""The way of one item."""

import pytest

from tests.told_why import source, why
from winnow.ui.glass.item_way import Fate, ItemWay

LOST = {"in_answer": False, "rank": None, "ranking": None, "reranking": None}


def fates(way: ItemWay) -> dict[str, Fate]:
    return {each.name: each.fate for each in way.stops()}


def test_an_answered_item_passed_everywhere() -> None:
    assert set(fates(ItemWay(why())).values()) == {Fate.PASSED}


def test_a_filter_ends_the_way_and_what_comes_after_is_not_reached() -> None:
    way = ItemWay(why(**LOST, stage="seen", removed_by=["seen"], seen=True))
    assert fates(way) == {
        "retrieve": Fate.PASSED,
        "allowed": Fate.PASSED,
        "seen": Fate.LOST,
        "rank": Fate.UNREACHED,
        "answer": Fate.UNREACHED,
    }


def test_what_no_source_proposed_is_lost_at_once_and_at_every_filter_that_would_take_it() -> None:
    way = ItemWay(why(**LOST, stage="allowed", sources=[source("ann", 900, 200)], removed_by=["allowed"]))
    assert fates(way)["retrieve"] is fates(way)["allowed"] is Fate.LOST
    assert fates(way)["seen"] is Fate.UNREACHED


def test_what_was_ranked_and_not_chosen_is_lost_last() -> None:
    way = ItemWay(why(in_answer=False, rank=None, stage="select"))
    assert fates(way)["rank"] is Fate.PASSED
    assert way.stops()[-1].told == "not chosen: the last score that fits is 0.50"


def test_without_a_ranker_an_answered_item_passed_all_the_same() -> None:
    assert set(fates(ItemWay(why(ranking=None, reranking=None))).values()) == {Fate.PASSED}


def test_retrieval_sorts_by_the_best_place_in_any_source() -> None:
    assert ItemWay(why()).retrieved == (4, -0.25)
    assert ItemWay(why()).retrieved < ItemWay(why(sources=[source("ann", 5, 200)])).retrieved
    assert ItemWay(why(sources=[])).retrieved > ItemWay(why(sources=[source("ann", 200, 200)])).retrieved


@pytest.mark.parametrize(("rank", "told"), [(1, "↑ 2 for more variety"), (3, "as ranked"), (5, "↓ 2 for more variety")])
def test_the_move_of_reranking_is_told(rank: int, told: str) -> None:
    assert ItemWay(why(rank=rank)).moved == told


def test_the_reason_names_sources_place_and_move() -> None:
    assert ItemWay(why()).reason == (
        "Found as “popular and fits their taste”, ranked 3rd of 195, then moved ↑ 2 for more variety."
    )
