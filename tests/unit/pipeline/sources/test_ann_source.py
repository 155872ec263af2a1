from dataclasses import replace

import numpy as np

from tests.unit.pipeline.tables import catalogue_of, items, lists, requests_of
from winnow.index.exact_index import ExactIndex
from winnow.pipeline.sources.ann_source import AnnSource


def nearest(catalogue, queries, k):
    requests = requests_of([""] * len(queries), columns={"query": np.array(queries, np.float32).reshape(-1, 2)})
    source = AnnSource(index=ExactIndex(vectors=catalogue.tower), catalogue=catalogue)
    return source.retrieve(requests, k)


def test_the_nearest_items_come_best_first_with_their_inner_products():
    found = nearest(catalogue_of(4), [[1, 0], [-1, 1]], 2)
    assert items(found) == [[3, 2], [0, 1]]
    assert lists(found.array("score"), found.offsets) == [[3, 2], [1, 0]]


def test_items_that_are_not_allowed_leave_their_places_to_others():
    assert items(nearest(catalogue_of(4, allowed=[True, False, True, False]), [[1, 0]], 2)) == [[2, 0]]
    assert items(nearest(catalogue_of(2, allowed=[False, False]), [[1, 0]], 2)) == [[]]


def test_each_request_finds_the_nearest_of_what_it_wants():
    catalogue = catalogue_of(5, allowed=[True, True, True, True, False])
    source = AnnSource(index=ExactIndex(vectors=catalogue.tower), catalogue=catalogue)
    requests = requests_of([""] * 3, columns={"query": np.array([[1, 0]] * 3, np.float32)})
    few = np.array([True, False, True, False, True])
    found = source.retrieve(replace(requests, filters=(few, None, np.zeros(5, bool))), 2)
    assert items(found) == [[2, 0], [3, 2], []]


def test_more_than_there_are_is_what_there_is():
    assert items(nearest(catalogue_of(2), [[1, 0]], 9)) == [[1, 0]]
    assert items(nearest(catalogue_of(0), [[1, 0]], 9)) == [[]]


def test_a_query_that_is_not_a_number_finds_nothing_and_disturbs_nobody():
    assert items(nearest(catalogue_of(3), [[1, 0], [np.nan, 0], [0, 0]], 1)) == [[2], [], [0]]


def test_no_requests_get_no_candidates():
    assert items(nearest(catalogue_of(3), [], 2)) == []
