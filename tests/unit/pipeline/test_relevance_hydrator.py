import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.pipeline.shelves import SCORES
from tests.unit.pipeline.tables import candidates_of, lists, requests_of
from winnow.pipeline.relevance_hydrator import MOST, RelevanceHydrator


def relevance(batch):
    candidates = candidates_of([range(len(row)) for row in batch], score=[score for row in batch for score in row])
    column = RelevanceHydrator().columns(requests_of([""] * len(batch)), candidates)["relevance"]
    return lists(column, candidates.offsets)


def slowly(row):
    finite = [score for score in row if math.isfinite(score)]
    spread = float(np.std(finite)) if finite else 0.0

    def one(score):
        if math.isnan(score):
            return 0.0
        if math.isinf(score):
            return math.copysign(MOST, score)
        return (score - float(np.mean(finite))) / spread if spread else 0.0

    return [one(score) for score in row]


@given(st.lists(st.lists(SCORES, max_size=5), max_size=3))
def test_relevance_is_in_standard_deviations_from_the_mean_of_the_request(batch):
    found = relevance(batch)
    for row, expected in zip(found, map(slowly, batch), strict=True):
        np.testing.assert_allclose(row, expected, atol=1e-12)


@given(st.lists(st.floats(width=32, allow_nan=False), min_size=1, max_size=8))
def test_the_order_is_that_of_the_scores_however_large_they_are(scores):
    found = np.array(relevance([scores])[0])
    assert np.isfinite(found).all()
    assert (np.diff(found[np.argsort(scores)]) >= 0).all()


def test_scores_of_another_scale_and_origin_are_as_relevant():
    np.testing.assert_allclose(relevance([[1, 2, 5]]), relevance([[110, 120, 150]]))
