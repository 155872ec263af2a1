"""The score with the logarithm of what a click is worth, against a slow loop."""

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.pipeline.tables import candidates_of, requests_of
from winnow.pipeline.worth_combiner import LEAST, WorthCombiner

SHOWN = np.array([False, True, False])
COUNTS = st.lists(st.integers(0, 4), max_size=3)
AMOUNTS = st.lists(st.sampled_from([-2.0, 0.0, 0.5, 10.0]), min_size=3, max_size=3)


def told(counts, seed=0):
    """Candidates with a score, log chances of a click, and chances of three outcomes."""
    draw = np.random.default_rng(seed)
    bare = candidates_of([range(count) for count in counts], score=draw.normal(size=sum(counts)))
    clicks = np.log(draw.uniform(0.01, 0.9, (len(bare), 4))).astype(np.float32)
    return bare.with_columns({"clicks": clicks, "after": draw.random((len(bare), 3), np.float32)})


def combined(candidates, amounts, click=1.0, batch=1):
    combiner = WorthCombiner(click=click, worth=np.array(amounts), as_shown=SHOWN)
    return combiner.score(requests_of([""] * batch), candidates)


@given(COUNTS, AMOUNTS, st.sampled_from([0.5, 1.0]), st.integers(0, 99))
def test_what_a_click_is_worth_is_added_as_in_a_slow_loop(counts, amounts, click, seed):
    candidates = told(counts, seed)
    expected = []
    for row in range(len(candidates)):
        worth = click
        for head, amount in enumerate(amounts):
            chance = float(candidates.array("after")[row, head])
            worth += amount * (chance / math.exp(candidates.array("clicks")[row, 0]) if SHOWN[head] else chance)
        expected.append(candidates.array("score")[row] + math.log(max(worth, LEAST * click)))
    found = combined(candidates, amounts, click, len(counts))
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, np.array(expected), rtol=1e-5, atol=1e-5)


def test_where_only_clicks_count_the_score_stays():
    candidates = told([5])
    assert np.array_equal(combined(candidates, [0.0, 0.0, 0.0]), candidates.array("score"))


def test_the_order_does_not_hang_on_the_currency():
    candidates = told([5])
    euros, cents = combined(candidates, [3.0, -9.0, 10.0]), combined(candidates, [300.0, -900.0, 1000.0], click=100.0)
    np.testing.assert_allclose(cents - euros, math.log(100), rtol=1e-5)


def test_what_does_more_harm_than_good_stands_far_below_and_still_has_a_score():
    candidates = told([2])
    found = combined(candidates, [0.0, -1e6, 0.0])
    np.testing.assert_allclose(found, candidates.array("score") + math.log(LEAST), rtol=1e-5)


def test_no_score_stays_none():
    candidates = told([2])
    none = candidates.with_columns({"score": np.full(2, np.nan, np.float32)})
    assert np.isnan(combined(none, [1.0, 1.0, 1.0])).all()
