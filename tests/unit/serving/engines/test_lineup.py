from dataclasses import replace

import pytest

from tests.unit.serving.seats import seat
from winnow.schema.errors import RequestError
from winnow.serving.engines.lineup import Lineup

A, B, C = seat("a"), seat("b"), seat("c")
VISITORS = [f"visitor {number}" for number in range(1000)]


def canary(candidate, share):
    return Lineup(serving=A).prepared(candidate).cast(candidate.name, "canary", share)


def test_a_switch_keeps_the_one_that_served_and_going_back_keeps_the_other():
    after = Lineup(serving=A).prepared(B).switched("b")
    assert after == Lineup(serving=B, previous=A)
    assert after.switched("a") == Lineup(serving=A, previous=B)
    assert after.switched("b") is after
    assert after.prepared(C).switched("c") == Lineup(serving=C, previous=B)


def test_going_back_leaves_a_candidate_in_its_role():
    after = Lineup(serving=B, previous=A, candidate=C, role="shadow").switched("a")
    assert after == Lineup(serving=A, previous=B, candidate=C, role="shadow")


def test_only_what_is_open_can_be_switched_to_and_only_a_candidate_has_a_role():
    lineup = Lineup(serving=A, previous=B, candidate=C)
    with pytest.raises(RequestError, match="The bundle d is not prepared"):
        lineup.switched("d")
    for name in ("a", "b"):
        with pytest.raises(RequestError, match=f"The bundle {name} is no candidate"):
            lineup.cast(name, "shadow")
    assert lineup.dropped("a") is lineup
    assert lineup.dropped("c") == Lineup(serving=A, previous=B)


def test_another_candidate_takes_the_place_of_the_first_and_begins_without_a_role():
    after = canary(B, 0.5).prepared(C)
    assert (after.candidate, after.role, after.share) == (C, "prepared", 0.0)


@pytest.mark.parametrize("share", [0.05, 0.5, 0.9])
def test_a_canary_answers_its_share_and_a_larger_share_adds_visitors(share):
    lineup = canary(B, share)
    served = {name for name in VISITORS if lineup.engine_for(name) is B.engine}
    assert abs(len(served) / len(VISITORS) - share) < 0.04
    assert {name for name in VISITORS if lineup.engine_for(name) is B.engine} == served
    wider = canary(B, share + 0.05)
    assert served <= {name for name in VISITORS if wider.engine_for(name) is B.engine}


def test_another_canary_is_put_before_other_visitors():
    first, second = canary(B, 0.5), canary(C, 0.5)
    both = sum(first.engine_for(name) is B.engine and second.engine_for(name) is C.engine for name in VISITORS)
    assert 200 < both < 300


@pytest.mark.parametrize("role", ["prepared", "shadow"])
def test_other_candidates_answer_nobody(role):
    lineup = Lineup(serving=A, candidate=B, role=role, share=1.0)
    assert all(lineup.engine_for(name) is A.engine for name in VISITORS)
    assert lineup.shadow == (B if role == "shadow" else None)


def test_an_item_is_known_as_long_as_any_open_bundle_has_it():
    more = replace(B.engine.catalogue, item_ids=("new", *B.engine.catalogue.item_ids[1:]))
    newer = replace(B, engine=replace(B.engine, catalogue=more))
    for lineup in (Lineup(serving=A, candidate=newer), Lineup(serving=A, previous=newer), Lineup(serving=newer)):
        assert lineup.knows("new")
    assert not Lineup(serving=A).knows("new")


def test_who_cannot_change_leaves_but_never_the_one_that_serves():
    lineup = Lineup(serving=A, previous=B, candidate=C, role="canary", share=0.5)
    assert lineup.changed(lambda each: each) == lineup
    assert lineup.changed(lambda each: None if each is B else each) == replace(lineup, previous=None)
    assert lineup.changed(lambda each: None if each is C else each) == Lineup(serving=A, previous=B)
