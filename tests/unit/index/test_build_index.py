import numpy as np
import pytest

from winnow.index.build_index import EXACT_UP_TO, RECALL_AT, RECALL_GOAL, build_index
from winnow.index.exact_index import ExactIndex
from winnow.index.faiss_index import FaissIndex
from winnow.index.index import Index
from winnow.index.recall import recall

VECTORS = np.random.default_rng(3).normal(size=(EXACT_UP_TO + 1, 4)).astype(np.float32)
QUERIES = np.random.default_rng(4).normal(size=(20, 4)).astype(np.float32)


def measured(index: Index) -> float:
    truth, _ = ExactIndex(vectors=VECTORS).search(QUERIES, RECALL_AT)
    return recall(index.search(QUERIES, RECALL_AT)[0], truth)


def test_a_catalogue_up_to_the_limit_is_searched_exactly():
    index, found = build_index(VECTORS[:-1], QUERIES)
    assert isinstance(index, ExactIndex)
    assert found == 1.0


def test_a_larger_one_is_probed_just_enough_for_the_recall_that_is_promised():
    index, found = build_index(VECTORS, QUERIES)
    assert isinstance(index, FaissIndex)
    assert index.num_items == EXACT_UP_TO + 1
    assert found == index.recall == measured(index)
    assert found >= RECALL_GOAL
    assert 1 < index.num_probes < index.ivf.nlist / 4
    fewer = FaissIndex(ivf=index.ivf, num_probes=index.num_probes // 2, recall=0.0)
    assert measured(fewer) < RECALL_GOAL


def test_without_queries_recall_cannot_be_measured():
    with pytest.raises(ValueError, match="no sample queries"):
        build_index(VECTORS, QUERIES[:0])
