"""A trace as the rows of a picture."""

import pytest

from tests.told_why import TRACE, stage
from winnow.ui.glass.funnel import Funnel, Part


def named(funnel: Funnel, *parts: Part) -> list[str]:
    return [each.name for each in funnel.all_of(*parts)]


def test_a_filter_of_a_shop_of_its_own_says_what_it_takes_out() -> None:
    own = [*TRACE[:6], stage("filter", "too_far", 195, 190), *TRACE[6:]]
    assert {each.name: each.why_removed for each in Funnel.of(own).all_of(Part.FILTER)} == {
        "allowed": "out of stock or withdrawn",
        "seen": "seen already",
        "too_far": "it is odd",
    }


def test_every_stage_has_its_part() -> None:
    funnel = Funnel.of(TRACE)
    assert named(funnel, Part.VISITOR) == ["state"]
    assert named(funnel, Part.SOURCE) == ["ann", "popular"]
    assert named(funnel, Part.FILTER) == ["allowed", "seen"]
    assert named(funnel, Part.RANK) == ["items", "rank"]
    assert named(funnel, Part.MERGE, Part.FILL, Part.SELECT) == ["retrieve", "fill", "select"]


def test_the_ranking_goes_by_the_ranker_whatever_comes_after_it() -> None:
    reranked = [*TRACE[:-1], stage("ranking", "relevance", 195, 195), TRACE[-1]]
    assert [each.name for each in Funnel.of(reranked).ranking] == ["rank"]
    without = [each for each in reranked if each["name"] != "rank"]
    assert [each.name for each in Funnel.of(without).ranking] == ["relevance"]
    assert Funnel.of([]).ranking == []


def test_what_each_stage_took_out_sums_up_to_the_way_from_proposals_to_the_answer() -> None:
    funnel = Funnel.of(TRACE)
    taken = {each.name: each.removed for each in funnel.steps if each.removed}
    assert taken == {"retrieve": 10, "allowed": 5, "seen": 10, "select": 185}
    assert funnel.proposed - sum(taken.values()) == funnel.answered == 10
    assert (funnel.merged, funnel.ranked) == (210, 195)


def test_the_time_of_the_sources_is_not_counted_twice() -> None:
    funnel = Funnel.of(TRACE)
    assert funnel.ms == pytest.approx(2.0 + 1.0 + 6 * 1.0)
    assert funnel.ms_of(Part.MERGE) == pytest.approx(0.25)


def test_a_stage_that_fills_up_adds_and_takes_nothing() -> None:
    few = [
        stage("source", "popular", 0, 3),
        stage("retrieve", "retrieve", 0, 3),
        stage("fill", "fill", 3, 10),
        stage("select", "select", 10, 10),
    ]
    (fill,) = Funnel.of(few).all_of(Part.FILL)
    assert (fill.added, fill.removed) == (7, 0)


def test_a_source_that_is_down_is_a_source_without_items() -> None:
    down = [stage("source", "ann", 0, 0, fault="it does not answer"), *TRACE[2:]]
    (faulty,) = Funnel.of(down).faulty
    assert (faulty.name, faulty.part, faulty.rows_out) == ("ann", Part.SOURCE, 0)


def test_what_was_skipped_for_one_reason_is_told_once() -> None:
    late = [stage("source", "ann", 0, 0, fault="Late."), stage("source", "popular", 0, 0, fault="Late."), *TRACE[3:-2]]
    funnel = Funnel.of([*late, stage("ranking", "rank", 195, 195, fault="Gone."), TRACE[-1]])
    assert funnel.trouble == "Without “Fits their taste”, “Popular”: Late. Without “Ranked”: Gone."
    assert not Funnel.of(TRACE).trouble


def test_the_picture_is_told_in_words() -> None:
    told = Funnel.of(TRACE).sentence
    assert told.startswith("2 sources proposed 220 items, 210 of them different")
    assert "10 were taken out: seen already" in told
