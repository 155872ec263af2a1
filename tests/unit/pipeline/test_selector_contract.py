"""What every selector keeps, whatever is inside it."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.pipeline.shelves import Shelf, answer, pages, shelves
from tests.unit.pipeline.tables import candidates_of, requests_of
from winnow.pipeline.cap import Cap
from winnow.pipeline.capped_selector import CappedSelector
from winnow.pipeline.dpp_selector import DppSelector
from winnow.pipeline.mmr_selector import MmrSelector
from winnow.pipeline.pinned_selector import PinnedSelector
from winnow.pipeline.relevance_hydrator import RelevanceHydrator
from winnow.pipeline.rule import Rule
from winnow.pipeline.selectors import GumbelSelector, ScoreSelector
from winnow.pipeline.tradeoff import Tradeoff

HALF = Tradeoff(diversity=0.5)
PLAIN = {
    "score": lambda _: ScoreSelector(),
    "sample": lambda _: GumbelSelector(temperature=0.7),
    "mmr": lambda shelf: MmrSelector(vectors=shelf.vectors, tradeoff=HALF),
    "dpp": lambda shelf: DppSelector(vectors=shelf.vectors, tradeoff=HALF),
}


def capped(inner):
    return lambda shelf: CappedSelector(selector=inner(shelf), caps=(Cap(values=shelf.brands, most=1),))


def pinned(inner):
    return lambda shelf: PinnedSelector(selector=inner(shelf), places={2: 1, 5: 3})


CAPPED = {f"capped {name}": capped(inner) for name, inner in PLAIN.items()}
PINNED = {f"pinned {name}": pinned(inner) for name, inner in {**PLAIN, **CAPPED}.items()}
ALL = {**PLAIN, **CAPPED, **PINNED}
FEW = settings(max_examples=settings.default.max_examples // 3)
EVERY = pytest.mark.parametrize("selector_of", ALL.values(), ids=ALL)


@EVERY
@FEW
@given(shelf=shelves())
def test_there_are_k_picks_or_all_candidates_each_once_and_the_seen_come_last(selector_of, shelf):
    found = answer(selector_of(shelf), shelf)
    assert len(found.items) == len(set(found.items)) == min(shelf.k, len(shelf.scored))
    assert set(found.items) <= set(shelf.scored)
    seen = [shelf.scored[item][1] for item in found.items]
    assert seen == sorted(seen)
    if any(seen):
        assert {item for item, (_, had) in shelf.scored.items() if not had} <= set(found.items)


@EVERY
@FEW
@given(shelf=shelves())
def test_what_has_no_score_comes_after_what_has_one_where_no_rule_says_otherwise(selector_of, shelf):
    shelf = replace(shelf, brands=np.full(len(shelf.brands), -1))
    found = answer(selector_of(shelf), shelf)
    tiers = [shelf.tier(item) for item, rule in zip(found.items, found.rules, strict=True) if rule is Rule.WORTH]
    assert tiers == sorted(tiers)


@EVERY
@FEW
@given(shelf=shelves())
def test_propensities_are_above_0_and_at_most_1(selector_of, shelf):
    assert all(0 < each <= 1 for each in answer(selector_of(shelf), shelf).propensities)


@EVERY
@FEW
@given(batch=st.lists(shelves(), max_size=3))
def test_a_batch_is_answered_as_each_request_alone_and_twice_the_same(selector_of, batch):
    batch = [replace(each, shown=()) for each in batch]
    world = batch[0] if batch else Shelf(np.zeros((8, 3), np.float32), np.zeros(8, np.int32), {}, (), 1, 0)
    batch = [replace(each, vectors=world.vectors, brands=world.brands) for each in batch]
    selector, alone = selector_of(world), [each.candidates for each in batch]
    requests = requests_of([""] * len(batch), k=[each.k for each in batch], seeds=[each.seed for each in batch])
    together = candidates_of(
        [each.item_rows.tolist() for each in alone],
        score=np.concatenate([np.empty(0), *(each.array("score") for each in alone)]),
        seen=np.concatenate([np.empty(0, bool), *(each.array("seen") for each in alone)]),
    )
    together = together.with_columns(RelevanceHydrator().columns(requests, together))
    for _ in range(2):
        found = selector.select(requests, together)
        items = np.split(together.item_rows[found.rows], found.offsets[1:-1]) if batch else []
        assert [each.tolist() for each in items] == [answer(selector, each).items for each in batch]
        expected = [each for shelf in batch for each in answer(selector, shelf).propensities]
        assert found.propensities.tolist() == expected
        assert found.all_rules.tolist() == [each for shelf in batch for each in answer(selector, shelf).rules]


FIXED = {name: of for name, of in {**PLAIN, **CAPPED}.items() if "sample" not in name}


@pytest.mark.parametrize("selector_of", FIXED.values(), ids=FIXED)
@given(shelf=shelves(), size=st.integers(1, 4))
def test_pages_are_the_parts_of_one_long_list(selector_of, shelf, size):
    selector = selector_of(shelf)
    assert pages(selector, shelf, size) == answer(selector, shelf).items
