from collections import Counter
from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.pipeline.shelves import answer, shelves
from tests.unit.pipeline.tables import candidates_of, ragged_of, requests_of
from tests.unit.pipeline.test_mmr_selector import check_each_pick_is_the_best_of_what_is_left
from winnow.pipeline.cap import Cap
from winnow.pipeline.capped_selector import CappedSelector
from winnow.pipeline.mmr_selector import MmrSelector
from winnow.pipeline.rule import Rule
from winnow.pipeline.selectors import GumbelSelector, ScoreSelector
from winnow.pipeline.tradeoff import Tradeoff

COLOURS = np.array([0, 0, 0, 0, 1, 1, 1, -1])
MOST = st.integers(1, 3)


def capped(shelf, inner, brands, colours=9):
    caps = (Cap(values=shelf.brands, most=brands), Cap(values=COLOURS, most=colours))
    return CappedSelector(selector=inner, caps=caps)


def full(shelf, before, item, brands, colours):
    """Whether an item is one too many of its brand or colour."""
    return any(
        values[item] >= 0 and Counter(values[list(before)].tolist())[values[item]] >= most
        for values, most in ((shelf.brands, brands), (COLOURS, colours))
    )


def allowed_next(shelf, found, brands, colours):
    """The candidates that may come next, and whether caps hold for them: unseen ones first, under caps first."""
    left = [item for item in shelf.scored if item not in found]
    unseen = [item for item in left if not shelf.scored[item][1]] or left
    within = [item for item in unseen if not full(shelf, [*shelf.shown, *found], item, brands, colours)]
    return (within, Rule.WORTH) if within else (unseen, Rule.OVER_CAP)


@given(shelves(), MOST, MOST)
def test_the_best_scores_within_caps_as_in_a_slow_loop(shelf, brands, colours):
    expected, rules = [], []
    while len(expected) < min(shelf.k, len(shelf.scored)):
        items, rule = allowed_next(shelf, expected, brands, colours)
        expected.append(min(items, key=shelf.place))
        rules.append(rule)
    found = answer(capped(shelf, ScoreSelector(), brands, colours), shelf)
    assert (found.items, found.rules) == (expected, rules)


@given(shelves(), MOST)
def test_a_greedy_selector_chooses_among_what_caps_allow_at_each_pick(shelf, brands):
    relevance = shelf.relevance

    def worth(item, before):
        alike = max((shelf.cosine(item, other) for other in before), default=0.0)
        return 0.5 * relevance[item] - 0.5 * alike

    inner = MmrSelector(vectors=shelf.vectors, tradeoff=Tradeoff(diversity=0.5))
    found = answer(capped(shelf, inner, brands), shelf)
    for step, item in enumerate(found.items):
        items, rule = allowed_next(shelf, found.items[:step], brands, 9)
        assert (item in items, found.rules[step]) == (True, rule)
        shown = (*shelf.shown, *found.items[:step])
        rest = replace(shelf, shown=shown, scored={each: shelf.scored[each] for each in items})
        check_each_pick_is_the_best_of_what_is_left(rest, [item], worth)


@given(shelves(), MOST)
def test_propensities_are_those_among_what_was_still_allowed(shelf, brands):
    found = answer(capped(shelf, GumbelSelector(), brands), shelf)
    for step, item in enumerate(found.items):
        items, rule = allowed_next(shelf, found.items[:step], brands, 9)
        assert (item in items, found.rules[step]) == (True, rule)
        racing = [shelf.scored[each][0] for each in items if np.isfinite(shelf.scored[each][0])]
        score = shelf.scored[item][0]
        expected = np.exp(score) / np.exp(racing).sum() if np.isfinite(score) else 1.0
        np.testing.assert_allclose(found.propensities[step], expected, rtol=1e-6)


@given(shelves(seen=False))
def test_caps_that_nothing_reaches_change_nothing(shelf):
    for inner in (
        ScoreSelector(),
        GumbelSelector(),
        MmrSelector(vectors=shelf.vectors, tradeoff=Tradeoff(diversity=0.5)),
    ):
        assert answer(capped(shelf, inner, 9), shelf) == answer(inner, shelf)


def draws_of_three(draws):
    """Two of a brand, then two others: the third pick is drawn after a value has become full and caps gave way."""
    scores, brands = np.array([1.0, 0.5, 0.0, 0.2]), np.array([0, 0, 0, 1])
    selector = CappedSelector(selector=GumbelSelector(), caps=(Cap(values=brands, most=1),))
    batch = candidates_of([range(4)] * draws, score=np.tile(scores, draws), seen=[False] * 4 * draws)
    found = selector.select(requests_of([""] * draws, k=3, seeds=range(draws)), batch)
    return batch.item_rows[found.rows].reshape(draws, 3), found.propensities.reshape(draws, 3)


def test_picks_are_as_frequent_as_the_product_of_their_propensities_says():
    draws = 8_000
    picks, propensities = draws_of_three(draws)
    lists, place, times = np.unique(picks, axis=0, return_index=True, return_counts=True)
    expected = propensities[place].astype(np.float64).prod(axis=1)
    assert len(lists) == 12, "the second is of the other brand, and the third one of the two that are left"
    np.testing.assert_allclose(expected.sum(), 1, rtol=1e-5)
    error = np.sqrt(expected * (1 - expected) / draws)
    assert (np.abs(times / draws - expected) <= 4 * error).all()


@given(shelves(), MOST)
@settings(max_examples=30)
def test_what_earlier_pages_showed_counts_and_what_the_shop_lost_does_not(shelf, brands):
    selector = capped(shelf, ScoreSelector(), brands)
    lost = replace(shelf.request, shown=ragged_of([[-1, *shelf.shown, -1]]))
    found = selector.select(lost, shelf.candidates)
    assert shelf.candidates.item_rows[found.rows].tolist() == answer(selector, shelf).items


class Silent:
    def select(self, requests, candidates):
        return ScoreSelector().select(replace(requests, k=requests.k * 0), candidates)


@given(shelves())
@settings(max_examples=10)
def test_a_selector_that_gives_nothing_is_not_asked_for_ever(shelf):
    assert answer(capped(shelf, Silent(), 1), shelf).items == []
