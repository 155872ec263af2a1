import faiss
import numpy as np
import pytest

from winnow.index.exact_index import ExactIndex
from winnow.index.faiss_file import FILE_NAME
from winnow.index.hnsw_index import HnswIndex
from winnow.index.open_index import open_index
from winnow.index.recall import recall

GENERATOR = np.random.default_rng(1)
VECTORS = GENERATOR.normal(size=(3_000, 16)).astype(np.float32)
QUERIES = GENERATOR.normal(size=(20, 16)).astype(np.float32)
HALF = GENERATOR.random(3_000) < 0.5


def test_no_search_keeps_fewer_items_in_sight_than_it_is_asked_for():
    narrow = HnswIndex.build(VECTORS, ef_search=1)
    rows, _ = narrow.search(QUERIES, 300)
    assert recall(rows, ExactIndex(vectors=VECTORS).search(QUERIES, 300)[0]) > 0.95


@pytest.mark.parametrize("bounded", [True, False])
def test_the_graph_heeds_the_selector_only_where_its_queue_is_bounded(bounded):
    """faiss#5504; the day on which this fails for the unbounded queue, the note in the code can go."""
    graph = HnswIndex.build(VECTORS, ef_search=300).graph
    selector = faiss.IDSelectorBitmap(np.packbits(HALF, bitorder="little"))
    how = faiss.SearchParametersHNSW(efSearch=600, bounded_queue=bounded, sel=selector)
    _, rows = graph.search(QUERIES, 300, params=how)
    assert HALF[rows].all() == bounded


def test_the_walk_itself_returns_no_forbidden_row(monkeypatch):
    monkeypatch.setattr("winnow.index.nearby.FEWEST", 0)
    index = HnswIndex.build(VECTORS, ef_search=300)
    rows, _ = index.search(QUERIES, 300, HALF)
    assert HALF[rows].all()
    truth, _ = ExactIndex(vectors=VECTORS).search(QUERIES, 300, HALF)
    assert recall(rows, truth) > 0.95


def test_duplicates_around_the_last_place_come_in_the_order_of_their_rows():
    copies = np.tile(VECTORS[:300], (7, 1))
    index = HnswIndex.build(copies, ef_search=400)
    rows, _ = index.search(QUERIES, 10)
    for line, query in zip(rows, QUERIES, strict=True):
        first, second = np.argsort(-VECTORS[:300] @ query)[:2]
        assert line.tolist() == [first + 300 * n for n in range(7)] + [second + 300 * n for n in range(3)]


def test_the_same_vectors_build_the_same_file(tmp_path):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        HnswIndex.build(VECTORS, ef_search=300).save(tmp_path / name)
    assert (tmp_path / "one" / FILE_NAME).read_bytes() == (tmp_path / "two" / FILE_NAME).read_bytes()


def test_what_was_measured_is_still_known_when_it_is_opened(tmp_path):
    HnswIndex.build(VECTORS, ef_search=444, recall=0.75).save(tmp_path)
    opened = open_index(tmp_path, VECTORS)
    assert isinstance(opened, HnswIndex)
    assert (opened.ef_search, opened.recall) == (444, 0.75)
    np.testing.assert_array_equal(
        opened.search(QUERIES, 50)[0], HnswIndex.build(VECTORS, ef_search=444).search(QUERIES, 50)[0]
    )
