import numpy as np

from tests.unit.pipeline.tables import items, requests_of
from winnow.pipeline.sources.shared_source import SharedSource


def popular(order, weights, batch, k):
    source = SharedSource(order=np.array(order, np.int64), weights=np.array(weights, np.float32))
    return source.retrieve(requests_of([""] * batch), k)


def test_everybody_gets_the_same_popular_items():
    found = popular([2, 0, 1], [5, 1, 7], 2, 2)
    assert items(found) == [[2, 0], [2, 0]]
    assert found.array("score").tolist() == [7, 5, 7, 5]


def test_popularity_of_an_empty_catalogue_or_for_nobody_is_empty():
    assert items(popular([], [], 2, 5)) == [[], []]
    assert items(popular([0], [1], 0, 5)) == []


def test_the_largest_weight_comes_first_among_the_rows_that_are_listed_and_ties_by_row():
    weights = np.array([1, 5, 3, 5], np.float32)
    assert SharedSource.by_weight(weights).order.tolist() == [1, 3, 2, 0]
    assert SharedSource.by_weight(weights, np.array([0, 2, 3])).order.tolist() == [3, 2, 0]
    assert SharedSource.by_weight(weights, np.array([], np.int64)).order.tolist() == []
