import tracemalloc

import numpy as np
import pytest

from winnow.index.best_rows import best_rows
from winnow.index.exact_index import SCORES_AT_ONCE, ExactIndex

GENERATOR = np.random.default_rng(0)


def test_an_empty_catalogue_answers_with_padding():
    rows, scores = ExactIndex(vectors=np.empty((0, 4), np.float32)).search(np.ones((2, 4), np.float32), 3)
    assert (rows == -1).all()
    assert (scores == -np.inf).all()


def test_many_queries_do_not_take_memory_for_all_scores_at_once():
    vectors, queries = GENERATOR.normal(size=(50_000, 2)).astype("f4"), GENERATOR.normal(size=(400, 2)).astype("f4")
    index = ExactIndex(vectors=vectors)
    tracemalloc.start()
    rows, _ = index.search(queries, 10)
    peak_bytes = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(queries) * len(vectors) > 2 * SCORES_AT_ONCE, "the case must need several rounds"
    assert peak_bytes < 1.5 * 4 * SCORES_AT_ONCE
    last = queries[-1] @ vectors.T
    assert rows[-1].tolist() == np.argsort(-last)[:10].tolist()


def test_items_whose_score_is_not_a_number_hide_no_others():
    vectors = np.array([[0, 1], [1, 0], [0, 2], [2, 0]], np.float32)
    for k, expected in ((1, [1]), (2, [1, 3]), (3, [1, 3, -1])):
        rows, scores = ExactIndex(vectors=vectors).search(np.array([[np.inf, 1]], np.float32), k)
        assert rows.tolist() == [expected], "infinity times zero is not a number"
        assert scores[0].tolist() == [-np.inf if row < 0 else np.inf for row in expected]


def test_the_given_vectors_are_held_and_not_copied():
    vectors = np.eye(3, dtype=np.float32)
    assert ExactIndex(vectors=vectors).vectors is vectors


def test_the_k_th_place_falls_by_row_among_thousands_of_ties():
    scores = GENERATOR.integers(0, 4, 5_000).astype(np.float32)
    for k in (1, 2, 300, 1_300, 4_999):
        expected = sorted(range(5_000), key=lambda row: (-scores[row], row))[:k]
        assert best_rows(scores, k).tolist() == expected


def test_vectors_that_are_not_finite_are_refused_with_their_number_and_place():
    vectors = np.ones((5, 2), np.float32)
    vectors[3, 1] = vectors[4, 0] = np.nan
    with pytest.raises(ValueError, match="2 of 5 item vectors are not finite, the first in row 3"):
        ExactIndex(vectors=vectors)


def test_vectors_of_another_type_or_shape_are_refused():
    with pytest.raises(ValueError, match=r"float64 \[5, 2\]"):
        ExactIndex(vectors=np.ones((5, 2)))
    with pytest.raises(ValueError, match=r"float32 \[5\]"):
        ExactIndex(vectors=np.ones(5, np.float32))
