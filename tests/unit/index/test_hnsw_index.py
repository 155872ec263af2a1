import os
import subprocess
import sys

import faiss
import numpy as np
import pytest

from winnow.index.exact_index import ExactIndex
from winnow.index.faiss_file import FILE_NAME
from winnow.index.hnsw_index import HnswIndex
from winnow.index.open_index import open_index
from winnow.index.query_space import STRETCH
from winnow.index.recall import recall
from winnow.schema.errors import BundleError

GENERATOR = np.random.default_rng(1)
VECTORS = GENERATOR.normal(size=(3_000, 16)).astype(np.float32)
QUERIES = GENERATOR.normal(size=(20, 16)).astype(np.float32)
HALF = GENERATOR.random(3_000) < 0.5


def test_no_search_keeps_fewer_items_in_sight_than_it_is_asked_for():
    narrow = HnswIndex.build(VECTORS, QUERIES, ef_search=1)
    rows, _ = narrow.search(QUERIES, 300)
    assert recall(rows, ExactIndex(vectors=VECTORS).search(QUERIES, 300)[0]) > 0.95


@pytest.mark.parametrize("bounded", [True, False])
def test_the_graph_heeds_the_selector_only_where_its_queue_is_bounded(bounded):
    """faiss#5504; the day on which this fails for the unbounded queue, the note in the code can go."""
    index = HnswIndex.build(VECTORS, QUERIES, ef_search=300)
    graph = index.graph
    selector = faiss.IDSelectorBitmap(np.packbits(HALF, bitorder="little"))
    how = faiss.SearchParametersHNSW(efSearch=600, bounded_queue=bounded, sel=selector)
    _, rows = graph.search(index.seen(QUERIES), 300, params=how)
    assert HALF[rows].all() == bounded


def test_the_walk_itself_returns_no_forbidden_row(monkeypatch):
    monkeypatch.setattr("winnow.index.nearby.FEWEST", 0)
    index = HnswIndex.build(VECTORS, QUERIES, ef_search=300)
    rows, _ = index.search(QUERIES, 300, HALF)
    assert HALF[rows].all()
    truth, _ = ExactIndex(vectors=VECTORS).search(QUERIES, 300, HALF)
    assert recall(rows, truth) > 0.95


def test_duplicates_around_the_last_place_come_in_the_order_of_their_rows():
    copies = np.tile(VECTORS[:300], (7, 1))
    index = HnswIndex.build(copies, QUERIES, ef_search=400)
    rows, _ = index.search(QUERIES, 10)
    for line, query in zip(rows, QUERIES, strict=True):
        first, second = np.argsort(-VECTORS[:300] @ query)[:2]
        assert line.tolist() == [first + 300 * n for n in range(7)] + [second + 300 * n for n in range(3)]


def test_the_same_vectors_build_the_same_file(tmp_path):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        HnswIndex.build(VECTORS, QUERIES, ef_search=300).save(tmp_path / name)
    assert (tmp_path / "one" / FILE_NAME).read_bytes() == (tmp_path / "two" / FILE_NAME).read_bytes()


def test_what_was_measured_is_still_known_when_it_is_opened(tmp_path):
    HnswIndex.build(VECTORS, QUERIES, ef_search=444, recall=0.75).save(tmp_path)
    opened = open_index(tmp_path, VECTORS)
    assert isinstance(opened, HnswIndex)
    assert (opened.ef_search, opened.recall) == (444, 0.75)
    np.testing.assert_array_equal(
        opened.search(QUERIES, 50)[0], HnswIndex.build(VECTORS, QUERIES, ef_search=444).search(QUERIES, 50)[0]
    )


def test_it_finds_the_largest_inner_products_of_vectors_of_any_length_for_queries_in_few_directions():
    """A graph of inner products finds .55 of them here."""
    vectors = VECTORS * GENERATOR.lognormal(sigma=0.7, size=(3_000, 1)).astype(np.float32)
    queries = (QUERIES[:, :3] @ GENERATOR.normal(size=(3, 16))).astype(np.float32) + 0.01 * QUERIES
    index = HnswIndex.build(vectors, queries[::2], ef_search=300)
    asked = queries[1::2]
    rows, scores = index.search(asked, 100)
    true_rows, true_scores = ExactIndex(vectors=vectors).search(asked, 100)
    assert recall(rows, true_rows) > 0.95
    np.testing.assert_allclose(scores[:, 0], true_scores[:, 0], rtol=1e-5)
    long = index.search(asked * np.float32(1e6), 100)[0]
    assert recall(long, true_rows) > 0.95


@pytest.mark.parametrize("number", [np.inf, -np.inf, np.nan, 3e38, 1e-38])
def test_a_query_of_extreme_numbers_finds_what_an_exact_search_finds(number):
    index, query = HnswIndex.build(VECTORS, QUERIES, ef_search=300), QUERIES[:1].copy()
    query[0, 3] = number
    expected = ExactIndex(vectors=VECTORS).search(query, 10)
    for one, other in zip(index.search(query, 10), expected, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-5)


def test_a_graph_is_built_the_same_by_any_number_of_threads():
    code = """
import numpy as np, faiss
from winnow.index.hnsw_index import HnswIndex
vectors = np.random.default_rng(0).normal(size=(2_000, 8)).astype(np.float32)
print(hash(faiss.serialize_index(HnswIndex.build(vectors, vectors[:9], ef_search=300).graph).tobytes()))
print(faiss.omp_get_max_threads())
"""
    told = [
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "OMP_NUM_THREADS": threads, "PYTHONHASHSEED": "0"},
            check=True,
            capture_output=True,
        ).stdout.split()
        for threads in ("1", "4")
    ]
    assert told[0][0] == told[1][0]
    assert [each[1] for each in told] == [b"1", b"4"]


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda file: file.unlink(), "cannot be read; build the bundle again"),
        (lambda file: file.write_bytes(b"no array"), "cannot be read; build the bundle again"),
        (lambda file: np.save(file, np.eye(3)), r"has the shape \[3, 3\]; \[16, 16\] is wanted"),
    ],
)
def test_a_damaged_way_to_the_graph_is_named(tmp_path, damage, said):
    HnswIndex.build(VECTORS, QUERIES, ef_search=300).save(tmp_path)
    damage(tmp_path / STRETCH)
    with pytest.raises(BundleError, match=f"{STRETCH} {said}"):
        open_index(tmp_path, VECTORS)
