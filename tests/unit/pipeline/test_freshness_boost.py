from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.pipeline.tables import candidates_of, requests_of
from winnow.pipeline.freshness_boost import FreshnessBoost

FIRST_AT = np.array([0.0, 50.0, 100.0, 300.0, np.inf])
ROWS = st.lists(st.lists(st.integers(0, 4), max_size=4), max_size=3)


@given(ROWS, st.sampled_from([-1.0, 2.0]))
def test_what_is_new_gains_and_the_gain_halves_as_in_a_slow_loop(batch, amount):
    flat = [item for row in batch for item in row]
    candidates = candidates_of(batch, score=range(len(flat)))
    requests = replace(requests_of([""] * len(batch)), at=100.0 + np.arange(len(batch)))
    ages = [max(0.0, 100 + place - FIRST_AT[item]) for place, row in enumerate(batch) for item in row]
    expected = [score + amount / 2 ** (age / 50) for score, age in enumerate(ages)]
    found = FreshnessBoost(first_at=FIRST_AT, amount=amount, half_life_s=50).score(requests, candidates)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, np.array(expected), rtol=1e-6)


def test_no_score_stays_none():
    boost = FreshnessBoost(first_at=FIRST_AT, amount=1.0, half_life_s=50)
    assert np.isnan(boost.score(requests_of([""]), candidates_of([[4]], score=[np.nan]))).all()
