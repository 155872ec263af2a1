"""What an index promises where it does not look at everything: what it finds is true, in order, allowed and enough."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from winnow.index import nearby
from winnow.index.exact_index import ExactIndex
from winnow.index.hnsw_index import HnswIndex
from winnow.index.index import Index
from winnow.index.ivf_index import IvfIndex
from winnow.index.ivfpq_index import IvfPqIndex
from winnow.index.recall import recall
from winnow.schema.column import Array, Bools

SIZE, NEW = 3_000, 60
GENERATOR = np.random.default_rng(7)
DRAWN = GENERATOR.normal(size=(SIZE + NEW, 16)).astype(np.float32)
VECTORS = DRAWN / np.linalg.norm(DRAWN, axis=1, keepdims=True)
QUERIES = GENERATOR.normal(size=(40, 16)).astype(np.float32)
BUILDERS: dict[str, Callable[[Array], Index]] = {
    "exact": lambda vectors: ExactIndex(vectors=vectors),
    "ivf": lambda vectors: IvfIndex.build(vectors, vectors[:99], num_lists=50, num_probes=25),
    "ivfpq": lambda vectors: IvfPqIndex.build(vectors, vectors[:99], num_lists=50, num_probes=25),
    "hnsw": lambda vectors: HnswIndex.build(vectors, vectors[:99], ef_search=300),
}
BUILT = {name: build(VECTORS[:SIZE]) for name, build in BUILDERS.items()}
each_index = pytest.mark.parametrize("index", BUILT.values(), ids=BUILT.keys())


@pytest.fixture(autouse=True, scope="module")
def masks_reach_the_search():
    """Here the lists and the graph meet masks too that leave so little that all of it would be read."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(nearby, "FEWEST", 30)
        yield


@st.composite
def changes(draw) -> tuple[Array, Array, Bools | None]:
    """Rows that go, rows that are given again or anew, and a mask."""
    generator = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    gone = np.flatnonzero(generator.random(SIZE) < draw(st.sampled_from([0, 0.01, 0.1, 0.9])))
    given_rows = np.flatnonzero(generator.random(SIZE + NEW) < draw(st.sampled_from([0, 0.001, 0.02])))
    share = draw(st.sampled_from([None, 0, 0.001, 0.02, 0.5, 0.95, 1]))
    return gone, given_rows, None if share is None else generator.random(SIZE + NEW) < share


@each_index
@given(change=changes(), k=st.integers(1, 400), query=st.integers(0, len(QUERIES) - 1))
@settings(max_examples=60)
def test_what_is_found_is_true_in_order_allowed_and_as_many_as_there_are_up_to_k(index, change, k, query):
    gone, given_rows, allowed = change
    there = np.arange(SIZE + NEW) < SIZE
    if len(gone):
        index, there[gone] = index.without(gone), False
    if len(given_rows):
        index, there[given_rows] = index.with_items(given_rows, VECTORS[given_rows]), True
    size = index.num_items
    possible = there[:size] if allowed is None else there[:size] & allowed[:size]
    rows, scores = (each[0] for each in index.search(QUERIES[[query]], k, None if allowed is None else allowed[:size]))
    found = rows[rows >= 0]
    assert len(found) == min(k, possible.sum())
    assert len(set(found.tolist())) == len(found)
    assert possible[found].all()
    np.testing.assert_allclose(scores[: len(found)], VECTORS[found] @ QUERIES[query], rtol=1e-4, atol=1e-5)
    assert (np.diff(scores[: len(found)]) <= 0).all()
    assert (rows[len(found) :] == -1).all()
    assert (scores[len(found) :] == -np.inf).all()


@each_index
@pytest.mark.parametrize("share", [1.0, 0.95, 0.5, 0.1, 0.02])
def test_most_of_the_best_are_found_however_much_the_mask_forbids(index, share):
    allowed = np.random.default_rng(0).random(SIZE) < share
    truth, _ = BUILT["exact"].search(QUERIES, 100, allowed)
    assert recall(index.search(QUERIES, 100, allowed)[0], truth) > 0.85


@each_index
@pytest.mark.parametrize("sampled", [True, False])
def test_a_mask_whose_share_cannot_be_guessed_is_obeyed_and_filled(index, sampled):
    """What the guess reads is allowed and nothing else, or the other way round; then a block of neighbouring rows."""
    read = np.zeros(SIZE, bool)
    read[:: SIZE // nearby.SAMPLE + 1] = True
    for allowed in (read == sampled, np.arange(SIZE) < SIZE // 4):
        truth, _ = BUILT["exact"].search(QUERIES, 100, allowed)
        for query, best in zip(QUERIES, truth, strict=True):
            rows, scores = (each[0] for each in index.search(query[None], 100, allowed))
            assert (rows >= 0).all()
            assert allowed[rows].all()
            assert (np.diff(scores) <= 0).all()
            np.testing.assert_allclose(scores, VECTORS[rows] @ query, rtol=1e-4, atol=1e-5)
            assert len(np.intersect1d(rows, best)) > 50


@each_index
def test_many_queries_are_answered_as_each_would_be_alone(index):
    allowed = np.random.default_rng(1).random(SIZE) < 0.3
    for mask in (None, allowed):
        rows, scores = index.search(QUERIES, 50, mask)
        for query in range(len(QUERIES)):
            alone, alone_scores = index.search(QUERIES[[query]], 50, mask)
            assert alone[0].tolist() == rows[query].tolist()
            np.testing.assert_allclose(alone_scores[0], scores[query], rtol=1e-5)


@each_index
def test_a_query_that_is_not_a_number_finds_nothing_here_either(index):
    queries = np.stack([np.full(16, np.nan, np.float32), QUERIES[0]])
    rows, scores = index.search(queries, 5, np.ones(SIZE, bool))
    assert (rows[0] == -1).all()
    assert (scores[0] == -np.inf).all()
    assert (rows[1] >= 0).all()
