import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.pipeline.tables import candidates_of, requests_of
from winnow.pipeline.scorers import AffinityScorer, DlrmScorer

GENERATOR = np.random.default_rng(0)
COUNTS = st.lists(st.integers(0, 4), max_size=4)


def hydrated(counts):
    """Requests with a query, and candidates with a vector each."""
    requests = requests_of([""] * len(counts)).with_columns({"query": floats(len(counts), 3)})
    candidates = candidates_of([range(count) for count in counts])
    return requests, candidates.with_columns({"item_tower": floats(len(candidates), 3)})


def floats(*shape):
    return GENERATOR.normal(size=shape).astype(np.float32)


def slow_products(requests, candidates):
    query, tower = requests.array("query"), candidates.array("item_tower")
    pairs = enumerate(candidates.request_of().tolist())
    return np.array([sum(query[request] * tower[row]) for row, request in pairs], np.float32)


@given(COUNTS)
def test_affinity_is_the_inner_product_with_the_own_query(counts):
    requests, candidates = hydrated(counts)
    tower = floats(4, 3)
    scores = AffinityScorer(tower=tower).score(requests, candidates)
    own = candidates.with_columns({"item_tower": tower[candidates.item_rows]})
    np.testing.assert_allclose(scores, slow_products(requests, own), rtol=1e-5, atol=1e-6)
    assert scores.dtype == np.float32


def product_model(arrays):
    """A ranker that reads one request input and one candidate input."""
    assert set(arrays) == {"query", "item_tower"}
    return {"score": np.einsum("bd,bcd->bc", arrays["query"], arrays["item_tower"])}


@given(COUNTS.filter(any))
def test_the_ranker_scores_each_candidate_with_its_own_request_whatever_the_padding(counts):
    requests, candidates = hydrated(counts)
    scorer = DlrmScorer(model=product_model, request_inputs=("query",), candidate_inputs=("item_tower",))
    scores = scorer.score(requests, candidates)
    np.testing.assert_allclose(scores, slow_products(requests, candidates), rtol=1e-5, atol=1e-6)


def test_an_input_that_nothing_has_hydrated_is_an_error_and_not_a_zero():
    requests, candidates = hydrated([2])
    with pytest.raises(KeyError, match="match"):
        DlrmScorer(model=product_model, request_inputs=(), candidate_inputs=("match",)).score(requests, candidates)
