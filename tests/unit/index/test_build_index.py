from dataclasses import replace

import numpy as np
import pytest

from winnow.index import ivfpq_index
from winnow.index.build_index import EXACT_BELOW, RECALL_GOAL, build_index
from winnow.index.exact_index import ExactIndex
from winnow.index.hnsw_index import HnswIndex
from winnow.index.index import Index
from winnow.index.index_card import IndexCard
from winnow.index.index_config import IndexConfig
from winnow.index.ivf_index import IvfIndex
from winnow.index.ivfpq_index import IvfPqIndex
from winnow.index.recall import RECALL_AT, recall
from winnow.schema.errors import RecipeError

VECTORS = np.random.default_rng(3).normal(size=(EXACT_BELOW, 4)).astype(np.float32)
QUERIES = np.random.default_rng(4).normal(size=(40, 4)).astype(np.float32)
FEW = VECTORS[:5_000] / np.linalg.norm(VECTORS[:5_000], axis=1, keepdims=True)


def measured(index: Index, queries: np.ndarray) -> float:
    truth, _ = ExactIndex(vectors=VECTORS).search(queries, RECALL_AT)
    return recall(index.search(queries, RECALL_AT)[0], truth)


def test_a_catalogue_below_the_limit_is_searched_exactly():
    assert isinstance(build_index(VECTORS[:-1], QUERIES, IndexConfig()), ExactIndex)


def test_a_larger_one_is_probed_just_enough_on_one_half_of_the_queries_and_measured_on_the_other():
    index = build_index(VECTORS, QUERIES, IndexConfig())
    assert isinstance(index, IvfIndex)
    assert index.num_items == EXACT_BELOW
    assert index.recall == measured(index, QUERIES[1::2]) > 0.97
    assert measured(index, QUERIES[::2]) >= RECALL_GOAL
    assert 1 < index.num_probes < index.num_lists / 4
    fewer = replace(index, num_probes=index.num_probes - max(1, index.num_probes // 8), recall=0.0)
    assert measured(fewer, QUERIES[::2]) < RECALL_GOAL


@pytest.mark.parametrize(
    ("kind", "made"), [("exact", ExactIndex), ("ivf", IvfIndex), ("ivfpq", IvfPqIndex), ("hnsw", HnswIndex)]
)
def test_a_recipe_may_ask_for_a_kind_and_its_recall_is_on_the_card(kind, made, tmp_path):
    index = build_index(FEW, QUERIES, IndexConfig(kind=kind))
    assert isinstance(index, made)
    index.save(tmp_path)
    assert IndexCard.load(tmp_path).recall == getattr(index, "recall", 1.0) >= 0.97


def test_lists_are_read_far_enough_whatever_floor_a_recipe_has():
    """A search that meets too few items goes on by itself, so that twice as many lists may find less at first."""
    index = build_index(VECTORS, QUERIES, IndexConfig(kind="ivf", recall_floor=0.3))
    one, two, four = (measured(replace(index, num_probes=each), QUERIES) for each in (1, 2, 4))
    assert min(two, four) < one
    assert index.recall >= 0.97


def test_codes_that_find_too_little_are_not_read_to_the_last_list_for_it(monkeypatch):
    monkeypatch.setattr(ivfpq_index, "MET_FOR_ONE", 1)
    index = build_index(FEW, QUERIES, IndexConfig(kind="ivfpq", recall_floor=0.5))
    assert isinstance(index, IvfPqIndex)
    all_lists = replace(index, num_probes=index.num_lists)
    truth, _ = ExactIndex(vectors=FEW).search(QUERIES[::2], RECALL_AT)
    found, most = (recall(each.search(QUERIES[::2], RECALL_AT)[0], truth) for each in (index, all_lists))
    assert most < RECALL_GOAL
    assert most - found < 0.002
    assert index.num_probes < index.num_lists / 2


def test_one_query_is_enough_to_measure_with():
    assert build_index(FEW, QUERIES[:1], IndexConfig(kind="ivf")).recall >= RECALL_GOAL


def test_an_index_that_finds_too_little_is_refused_with_what_was_measured(monkeypatch):
    monkeypatch.setattr("winnow.index.build_index.recall", lambda *_: 0.5)
    words = r"kind 'hnsw' finds 0\.5000 of the 300 best items of held-out queries; the recipe wants 0\.9"
    with pytest.raises(RecipeError, match=words):
        build_index(FEW, QUERIES, IndexConfig(kind="hnsw", recall_floor=0.9))


def test_without_queries_recall_cannot_be_measured():
    with pytest.raises(ValueError, match="no sample queries"):
        build_index(VECTORS, QUERIES[:0], IndexConfig())


@pytest.mark.parametrize("kind", ["auto", "exact", "ivf", "ivfpq", "hnsw"])
def test_a_catalogue_without_items_is_searched_exactly(kind):
    assert isinstance(build_index(VECTORS[:0], QUERIES[:0], IndexConfig(kind=kind)), ExactIndex)
