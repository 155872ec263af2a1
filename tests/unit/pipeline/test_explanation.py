"""What is told of an item is what a slow look at the whole world says of it."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given

from tests.unit.pipeline.tables import catalogue_of
from tests.unit.pipeline.world import Visitor, World, pipeline_of, slow_answer, worlds
from winnow.pipeline.explanation import Explanation
from winnow.pipeline.mmr_selector import MmrSelector
from winnow.pipeline.pinned_selector import PinnedSelector
from winnow.pipeline.relevance_hydrator import RelevanceHydrator
from winnow.pipeline.rule import Rule
from winnow.pipeline.selectors import ScoreSelector
from winnow.pipeline.stage import hydrate_stage, score_stage
from winnow.pipeline.tradeoff import Tradeoff

SHOP = World(
    allowed=[True] * 7 + [False],
    scores=[8, 7, 6, 5, 4, 3, 2, 1],
    popular=range(8),
    quotas=(3, 1),
    visitors=[Visitor(k=2, proposed=[3, 4, 5, 6], exclude=[4], seen=frozenset({0, 3}))],
)


def explained(world: World, row: int, selector=None) -> Explanation:
    return Explanation.of(pipeline_of(world, selector or ScoreSelector()), world.requests(), row)


@given(worlds(max_items=6))
def test_every_item_of_every_world_is_followed_rightly(world):
    assume(world.visitors)
    world = replace(world, visitors=world.visitors[:1])
    (visitor,) = world.visitors
    answer = slow_answer(world, visitor)
    pipeline, requests = pipeline_of(world, ScoreSelector()), world.requests()
    _, candidates = pipeline.candidates(requests)
    rivals = candidates.item_rows.tolist()
    for row in range(world.num_items):
        found = Explanation.of(pipeline, requests, row)
        assert found.answer.item_rows.tolist() == answer
        assert found.rank == (answer.index(row) + 1 if row in answer else None)
        assert (found.ranked is not None) == (row in rivals)
        if found.ranked is not None and found.rank is not None:
            assert (found.ranked.place, found.ranked.of) == (found.rank, len(rivals))
        proposals, popular = found.proposals
        assert proposals.proposed == (row in visitor.proposed[: world.quotas[0]])
        assert proposals.rank == (list(visitor.proposed).index(row) + 1 if row in visitor.proposed else None)
        assert (popular.proposed, popular.rank) == (
            row in world.popular[: world.quotas[1]],
            list(world.popular).index(row) + 1,
        )
        kept_out = {
            "allowed": not world.allowed[row],
            "wanted": visitor.wanted is not None and row not in visitor.wanted,
            "exclude": row in visitor.exclude,
            "seen": row in visitor.seen,
        }
        assert found.removed_by == tuple(name for name, out in kept_out.items() if out)


def test_what_was_not_retrieved_is_told_by_how_much():
    ann, popular = explained(SHOP, 6).proposals
    assert (ann.source, ann.proposed, ann.rank, ann.quota) == ("proposals", False, 4, 3)
    assert (ann.score, ann.last_score) == (-3.0, -2.0)
    assert (popular.proposed, popular.rank, popular.score, popular.last_score) == (False, 7, 2.0, 8.0)


def test_what_was_brought_in_to_make_up_the_number_is_told_apart():
    world = replace(SHOP, visitors=[replace(SHOP.visitors[0], k=3)])
    assert explained(world, 5).filled is False
    assert explained(world, 6).filled is True
    assert explained(world, 4).ranked is None


def test_a_candidate_that_was_not_chosen_is_held_to_the_last_that_was():
    world = replace(SHOP, visitors=[Visitor(k=2, proposed=[3, 4, 5])])
    found = explained(world, 5).ranked
    assert found is not None
    assert (found.place, found.of, found.score, found.kth_score) == (4, 4, 3.0, 5.0)
    assert found.scores == {"rank": 3.0}


def test_what_is_back_although_seen_stands_behind_all_others():
    world = World(
        allowed=[True] * 2,
        scores=[9, 1],
        popular=[0, 1],
        quotas=(2, 2),
        visitors=[Visitor(k=2, proposed=[], seen=frozenset({0}))],
    )
    found = explained(world, 0)
    assert (found.rank, found.filled, found.removed_by) == (2, True, ("seen",))
    assert found.ranked is not None
    assert found.ranked.place == 2


class Raised:
    """A boost of one item."""

    def score(self, requests, candidates):
        return candidates.array("score") + 5 * (candidates.item_rows == 4).astype(np.float32)


def test_the_score_is_told_after_each_stage_that_changed_it():
    world = replace(SHOP, visitors=[Visitor(k=2, proposed=[3, 4, 5])])
    pipeline = pipeline_of(world, ScoreSelector())
    pipeline = replace(pipeline, ranking=(*pipeline.ranking, score_stage("promotion", Raised())))
    by_row = {row: Explanation.of(pipeline, world.requests(), row).ranked for row in (3, 4)}
    assert by_row[3] is not None
    assert by_row[4] is not None
    assert by_row[3].scores == {"rank": 5.0}
    assert by_row[4].scores == {"rank": 4.0, "promotion": 9.0}
    assert by_row[4].place == 1


@pytest.mark.parametrize(("row", "rule", "place", "rank"), [(5, Rule.PIN, 4, 1), (0, Rule.WORTH, 1, 2)])
def test_a_rule_that_moved_it_is_named(row, rule, place, rank):
    world = replace(SHOP, visitors=[Visitor(k=3, proposed=[3, 4, 5])])
    found = explained(world, row, PinnedSelector(selector=ScoreSelector(), places={5: 1}))
    assert found.ranked is not None
    assert (found.rule, found.ranked.place, found.rank) == (rule, place, rank)


def test_diversity_moves_what_is_like_the_ones_before():
    world = replace(SHOP, visitors=[Visitor(k=3, proposed=[3, 4, 5])])
    vectors = catalogue_of(8).tower.copy()
    vectors[[0, 3]] = [1, 0]  # the best two are the same
    vectors[4], vectors[5] = [0, 1], [-1, 0]
    selector = MmrSelector(vectors=vectors, tradeoff=Tradeoff(diversity=0.9))
    pipeline = pipeline_of(world, selector)
    pipeline = replace(pipeline, ranking=(*pipeline.ranking, hydrate_stage("relevance", RelevanceHydrator())))
    found = Explanation.of(pipeline, world.requests(), 3)
    assert found.ranked is not None
    assert (found.ranked.place, found.rank) == (2, None)
