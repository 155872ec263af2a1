from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from benchmarks import search_measure
from benchmarks.bare_search import K, flat_search, hnsw_search, ivf_search, ivfpq_search, numpy_search
from benchmarks.bench_search import results
from benchmarks.search_measure import Timing, states, timings
from winnow.index.exact_index import ExactIndex
from winnow.index.hnsw_index import HnswIndex
from winnow.index.ivf_index import IvfIndex
from winnow.index.ivfpq_index import IvfPqIndex

GENERATOR = np.random.default_rng(0)
VECTORS = GENERATOR.normal(size=(2_000, 8)).astype(np.float32)
VECTORS /= np.linalg.norm(VECTORS, axis=1, keepdims=True)
QUERIES = GENERATOR.normal(size=(6, 8)).astype(np.float32)
IVF = IvfIndex.build(VECTORS, VECTORS[:99], num_lists=20, num_probes=20)


@pytest.mark.parametrize(
    "search",
    [
        numpy_search(VECTORS),
        flat_search(VECTORS),
        ivf_search(IVF.lists.built, 20),
        ivfpq_search(IvfPqIndex.build(VECTORS, QUERIES, num_lists=20, num_probes=20)),
        hnsw_search(HnswIndex.build(VECTORS, QUERIES, ef_search=300), 2_000),
    ],
)
def test_bare_searches_find_the_best_in_order(search):
    truth, scores = ExactIndex(vectors=VECTORS).search(QUERIES, K)
    for query in range(len(QUERIES)):
        found, found_scores = search(QUERIES[query])
        assert len(set(found.tolist()) & set(truth[query].tolist())) > 0.98 * K
        assert (np.diff(found_scores) <= 0).all()
        np.testing.assert_allclose((VECTORS[found] @ QUERIES[query])[:10], scores[query, :10], rtol=1e-4)


def test_what_is_measured_in_each_state_is_what_may_come_back():
    exact = ExactIndex(vectors=VECTORS)
    for name, index, allowed, there in states(IVF, VECTORS):
        rows, _ = index.search(QUERIES, 2_000, allowed)
        assert [set(line[line >= 0].tolist()) for line in rows] == [set(np.flatnonzero(there).tolist())] * 6, name
    assert exact.num_items == IVF.num_items


def test_every_index_is_timed_in_every_state_against_a_bare_search_that_finds_enough():
    lame = replace(IVF, num_probes=1, recall=0.0)
    indexes = {"auto": IVF, "exact": ExactIndex(vectors=VECTORS)}
    found = list(timings(VECTORS, QUERIES, {**indexes, "lame": lame}, 1))
    asked = ["plain", "mask", "delta", "tombstones", "all", "filter"]
    assert [(each.kind, each.state) for each in found] == [
        (kind, state) for kind in ("auto", "exact", "lame") for state in asked
    ]
    assert all(each.us > 0 and each.bare_us > 0 and each.share_found == 1.0 for each in found)
    assert "1 of" not in {each.bare for each in found}.pop(), "one list of twenty finds too little to be held against"
    assert {each.bare for each in found if each.kind == "exact"} <= {"NumPy", "FAISS Flat"}


def test_an_index_of_another_kind_is_built_once_for_a_bundle_and_anew_for_its_successor(tmp_path, monkeypatch):
    """The file of the queries is named after the bundle's digest; the bundle is where the one before was."""
    opened, built = [], []
    monkeypatch.setattr(search_measure, "open_catalogue", lambda _: SimpleNamespace(tower=VECTORS))
    monkeypatch.setattr(search_measure, "open_index", lambda folder, _: opened.append(folder.name))
    monkeypatch.setattr(search_measure, "timings", lambda *_: [])

    def built_index(*_):
        built.append(len(opened))
        return SimpleNamespace(save=lambda folder: (folder / "index.json").write_text("{}"))

    monkeypatch.setattr(search_measure, "build_index", built_index)
    for digest in ("a", "a", "b"):
        np.save(tmp_path / f"queries-{digest}.npy", QUERIES)
        search_measure.main(tmp_path / "bundle", tmp_path / f"queries-{digest}.npy", "hnsw", 1)
    assert opened[1::2] == ["queries-a.hnsw", "queries-a.hnsw", "queries-b.hnsw"]
    assert len(built) == 2


TIMING = Timing(
    kind="auto",
    state="plain",
    us=60.0,
    bare_us=40.0,
    bare="NumPy",
    recall=0.97,
    setting="8 of 20 lists",
    share_found=1.0,
)


@pytest.mark.parametrize(
    ("size", "change", "values"),
    [
        ("2465", {"setting": "all items"}, {"search.2465.overhead_us": 20.0}),
        ("1m", {}, {"search.1m.ratio_to_bare": 1.5, "search.1m.recall": 0.97}),
        (
            "1m",
            {"kind": "hnsw", "state": "mask"},
            {"search.1m.hnsw.mask.ratio_to_bare": 1.5, "search.1m.hnsw.mask.recall": 0.97},
        ),
        (
            "1m",
            {"state": "filter"},
            {"search.1m.filter.p50_us": 60.0, "search.1m.filter.found": 1.0, "search.1m.filter.recall": 0.97},
        ),
    ],
)
def test_a_timing_becomes_the_rows_that_are_published(size, change, values):
    made = list(results(size, Timing(**{**{n: getattr(TIMING, n) for n in TIMING.__slots__}, **change}), "some items"))
    assert {each.name: each.value for each in made} == values
    assert all("some items" in each.how for each in made)
    assert all(("NumPy" in each.how) == ("bare" in each.name or "overhead" in each.name) for each in made)
