import gc

import numpy as np
import pytest

from winnow.index.faiss_library import FAISS, search_lists
from winnow.index.ivf_index import IvfIndex

GENERATOR = np.random.default_rng(3)
VECTORS = GENERATOR.normal(size=(2_000, 8)).astype(np.float32)
QUERIES = GENERATOR.normal(size=(9, 8)).astype(np.float32)
BUILT = IvfIndex.build(VECTORS, VECTORS[:99], num_lists=20, num_probes=4)
SOME = np.arange(5, 300, 7)
INDEXES = {
    "built": BUILT,
    "changed": BUILT.with_items(SOME, VECTORS[SOME]),
    "changed twice": BUILT.with_items(SOME, -VECTORS[SOME]).without(SOME[::2]),
}


@pytest.mark.parametrize("index", INDEXES.values(), ids=INDEXES.keys())
@pytest.mark.parametrize("num", [1, 2, 50, 1_500])
def test_it_finds_what_faiss_finds_of_one_query_and_of_many(index, num):
    parameters = FAISS.SearchParametersIVF(nprobe=4)
    expected_scores, expected = index.lists.ivf.search(QUERIES, num, params=parameters)
    rows, scores = search_lists(index.lists.unordered, QUERIES, num, parameters)
    assert rows.tolist() == expected.tolist()
    assert scores.tolist() == expected_scores.tolist()
    for query in range(len(QUERIES)):
        alone, alone_scores = search_lists(index.lists.unordered, QUERIES[[query]], num, parameters)
        assert alone.tolist() == expected[[query]].tolist()
        assert alone_scores.tolist() == expected_scores[[query]].tolist()
    assert (expected[:, -1] < 0).any() == (num == 1_500), "four lists of twenty hold fewer than 1,500 rows"


def test_a_changed_index_outlives_those_that_it_came_from():
    built = IvfIndex.build(VECTORS, VECTORS[:99], num_lists=20, num_probes=4)
    changed = built.with_items(SOME, -VECTORS[SOME])
    expected, again = changed.search(QUERIES, 50), changed.without(SOME[:3]).with_items(SOME[:3], -VECTORS[SOME[:3]])
    del built, changed
    gc.collect()
    for found, wanted in zip(again.search(QUERIES, 50), expected, strict=True):
        np.testing.assert_array_equal(found, wanted)
