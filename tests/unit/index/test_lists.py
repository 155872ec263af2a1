"""Lists that are made for queries."""

import numpy as np
import pytest

from winnow.index.lists import lists_of, nearest_lists
from winnow.index.query_space import QuerySpace
from winnow.schema.column import Array

ITEMS, DIM, SEEN, LISTS = 4_000, 16, 3, 40


def shop() -> tuple[Array, Array]:
    """Items spread over all directions, and queries that lie in three of them."""
    draw = np.random.default_rng(0)
    vectors = draw.normal(size=(ITEMS, DIM)).astype(np.float32)
    queries = np.zeros((200, DIM), np.float32)
    queries[:, :SEEN] = draw.normal(size=(200, SEEN))
    return vectors, queries


def found(vectors: Array, queries: Array, made_for: Array, num_probes: int = 4, k: int = 20) -> float:
    """Share of the best k that stand in the lists of the best centroids."""
    centroids, lists = lists_of(vectors, QuerySpace.of(made_for, DIM), LISTS)
    best = np.argsort(-(queries @ vectors.T), axis=1)[:, :k]
    probed = np.argsort(-(queries @ centroids.T), axis=1)[:, :num_probes]
    return float((lists[best][:, :, None] == probed[:, None]).any(axis=2).mean())


def test_items_that_queries_cannot_tell_apart_stand_together():
    vectors, queries = shop()
    assert found(vectors, queries[1::2], queries[::2]) > 0.9
    assert found(vectors, queries[1::2], np.empty((0, DIM), np.float32)) < 0.6


def test_centroids_are_about_the_means_of_their_lists_in_the_space_of_the_vectors():
    vectors, queries = shop()
    centroids, lists = lists_of(vectors, QuerySpace.of(queries, DIM), LISTS)
    assert centroids.dtype == np.float32
    assert lists.dtype == np.int64
    means = np.stack([vectors[lists == each].mean(axis=0) for each in range(LISTS)])
    assert np.corrcoef((queries @ centroids.T).ravel(), (queries @ means.T).ravel())[0, 1] > 0.98


@pytest.mark.parametrize("queries", [0, 1, 200])
def test_the_same_vectors_and_queries_give_the_same_lists_however_few_queries(queries: int):
    vectors, some = shop()
    once, again = (lists_of(vectors, QuerySpace.of(some[:queries], DIM), LISTS) for _ in range(2))
    for one, other in zip(once, again, strict=True):
        assert (one == other).all()
        assert np.isfinite(one).all()


def test_queries_of_nothing_are_as_none():
    vectors, queries = shop()
    centroids, lists = lists_of(vectors, QuerySpace.of(np.zeros_like(queries), DIM), LISTS)
    assert np.isfinite(centroids).all()
    assert len(np.unique(lists)) == LISTS


def test_vectors_that_come_later_go_where_they_would_have_been():
    vectors, queries = shop()
    space = QuerySpace.of(queries, DIM)
    centroids, lists = lists_of(vectors, space, LISTS)
    assert (nearest_lists(vectors, space, centroids) == lists).mean() > 0.999
