"""Where the way of an item ended."""

from tests.told_why import source, why
from winnow.api.why import WhyResponse
from winnow.ui.glass.way_stops import Fate, way_stops

LOST = {"in_answer": False, "rank": None, "ranking": None, "reranking": None}


def fates(told: WhyResponse) -> dict[str, Fate]:
    return {each.name: each.fate for each in way_stops(told)}


def test_an_answered_item_passed_everywhere() -> None:
    assert set(fates(why()).values()) == {Fate.PASSED}
    assert way_stops(why())[-1].told == "1st, ↑ 2 for more variety"


def test_a_filter_ends_the_way_and_what_comes_after_is_not_reached() -> None:
    assert fates(why(**LOST, stage="seen", removed_by=["seen"], seen=True)) == {
        "retrieve": Fate.PASSED,
        "allowed": Fate.PASSED,
        "seen": Fate.LOST,
        "rank": Fate.UNREACHED,
        "answer": Fate.UNREACHED,
    }


def test_what_no_source_proposed_is_lost_at_once_and_at_every_filter_that_would_take_it() -> None:
    found = fates(why(**LOST, stage="allowed", sources=[source("ann", 900, 200)], removed_by=["allowed"]))
    assert found["retrieve"] is found["allowed"] is Fate.LOST
    assert found["seen"] is Fate.UNREACHED


def test_what_was_ranked_and_not_chosen_is_lost_last() -> None:
    told = why(in_answer=False, rank=None, stage="select")
    assert fates(told)["rank"] is Fate.PASSED
    assert way_stops(told)[-1].told == "not chosen: the last score that fits is 0.50"


def test_what_is_back_for_want_of_others_passed() -> None:
    assert set(fates(why(removed_by=["seen"], seen=True, filled=True, sources=[])).values()) == {Fate.PASSED}


def test_without_a_ranker_an_answered_item_passed_all_the_same() -> None:
    assert set(fates(why(ranking=None, reranking=None)).values()) == {Fate.PASSED}
