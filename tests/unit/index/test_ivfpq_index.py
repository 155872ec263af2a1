import os
import subprocess
import sys
from dataclasses import replace

import faiss
import numpy as np
import pytest

from winnow.index import ivfpq_index
from winnow.index.delta_index import DeltaIndex
from winnow.index.exact_index import ExactIndex
from winnow.index.faiss_file import FILE_NAME
from winnow.index.ivfpq_index import IvfPqIndex
from winnow.index.open_index import open_index
from winnow.index.recall import recall
from winnow.schema.errors import BundleError

GENERATOR = np.random.default_rng(1)
VECTORS = GENERATOR.normal(size=(6_000, 16)).astype(np.float32)
QUERIES = GENERATOR.normal(size=(20, 16)).astype(np.float32)
HALF = GENERATOR.random(6_000) < 0.5


def made(num_probes: int = 60, recall: float = 0.0) -> IvfPqIndex:
    return IvfPqIndex.build(VECTORS, QUERIES, num_lists=60, num_probes=num_probes, recall=recall)


def found(index: IvfPqIndex, allowed: np.ndarray | None = None, k: int = 100) -> float:
    return recall(index.search(QUERIES, k, allowed)[0], ExactIndex(vectors=VECTORS).search(QUERIES, k, allowed)[0])


def test_codes_of_all_lists_find_nearly_all_of_the_best_and_scores_are_true():
    index = made()
    assert found(index) > 0.97
    rows, scores = index.search(QUERIES, 300)
    np.testing.assert_allclose(scores, np.einsum("qd,qkd->qk", QUERIES, VECTORS[rows]), rtol=1e-5, atol=1e-5)


def test_without_scoring_more_than_is_wanted_codes_alone_find_less(monkeypatch):
    index = made()
    scored = found(index)
    monkeypatch.setattr(ivfpq_index, "MET_FOR_ONE", 1)
    assert 0.5 < found(index) < scored - 0.02


def test_vectors_are_coded_and_not_kept_a_second_time(tmp_path):
    made().save(tmp_path)
    assert VECTORS.nbytes / 8 < (tmp_path / FILE_NAME).stat().st_size < VECTORS.nbytes / 2


def test_the_lists_themselves_return_no_forbidden_row(monkeypatch):
    monkeypatch.setattr("winnow.index.nearby.FEWEST", 0)
    sparse = GENERATOR.random(6_000) < 0.2
    index = made()
    for mask in (HALF, sparse):
        rows, _ = index.nearest(QUERIES, 100, mask, 1.0)
        assert mask[rows[rows >= 0]].all()
        assert found(index, mask) > 0.95


def test_duplicates_around_the_last_place_come_in_the_order_of_their_rows():
    copies = np.tile(VECTORS[:300], (7, 1))
    index = IvfPqIndex.build(copies, QUERIES, num_lists=20, num_probes=20)
    rows, _ = index.search(QUERIES, 10)
    for line, query in zip(rows, QUERIES, strict=True):
        first, second = np.argsort(-VECTORS[:300] @ query)[:2]
        assert line.tolist() == [first + 300 * n for n in range(7)] + [second + 300 * n for n in range(3)]


def test_changes_lie_beside_the_lists():
    index = made()
    changed = index.with_items(np.array([3, 6_000]), 10 * QUERIES[:2]).without(np.array([5]))
    assert isinstance(changed, DeltaIndex)
    rows, _ = changed.search(QUERIES[:2], 1)
    assert rows.tolist() == [[3], [6_000]]
    assert index.search(QUERIES[:1], 1)[0] != 3


@pytest.mark.parametrize("number", [np.inf, -np.inf, np.nan, 3e38, 1e-38, 0.0])
@pytest.mark.parametrize("whole", [False, True])
def test_a_query_of_extreme_numbers_finds_what_an_exact_search_finds(number, whole):
    """Of which FAISS makes nothing, so that all items are read."""
    query = QUERIES[:1].copy()
    query[0, slice(None) if whole else 3] = number
    if whole and np.isfinite(number) and number:
        query = QUERIES[:1] * np.float32(number / np.abs(QUERIES[0]).max())
    expected = ExactIndex(vectors=VECTORS).search(query, 10)
    for one, other in zip(made().search(query, 10), expected, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-5)


def test_the_same_vectors_build_the_same_files(tmp_path):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        made().save(tmp_path / name)
    assert (tmp_path / "one" / FILE_NAME).read_bytes() == (tmp_path / "two" / FILE_NAME).read_bytes()


def test_codes_are_the_same_by_any_number_of_threads():
    code = """
import numpy as np, faiss, hashlib
from winnow.index.ivfpq_index import IvfPqIndex
vectors = np.random.default_rng(0).normal(size=(4_000, 8)).astype(np.float32)
index = IvfPqIndex.build(vectors, vectors[:9], num_lists=20, num_probes=3)
print(hashlib.sha256(faiss.serialize_index(index.lists).tobytes()).hexdigest(), faiss.omp_get_max_threads())
"""
    told = [
        subprocess.run(
            [sys.executable, "-c", code], env={**os.environ, "OMP_NUM_THREADS": each}, check=True, capture_output=True
        ).stdout.split()
        for each in ("1", "2")
    ]
    assert told[0][0] == told[1][0]
    assert [each[1] for each in told] == [b"1", b"2"]


def test_what_was_measured_is_still_known_when_it_is_opened(tmp_path):
    index = made(num_probes=7, recall=0.75)
    index.save(tmp_path)
    opened = open_index(tmp_path, VECTORS)
    assert isinstance(opened, IvfPqIndex)
    assert (opened.num_probes, opened.num_lists, opened.recall) == (7, 60, 0.75)
    for one, other in zip(opened.search(QUERIES, 50), index.search(QUERIES, 50), strict=True):
        np.testing.assert_array_equal(one, other)


def test_more_lists_are_read_only_by_the_index_that_was_told_to():
    index = made(num_probes=5)
    few = found(index)
    assert found(replace(index, num_probes=30)) > few + 0.1
    assert found(index) == few


@pytest.mark.parametrize("damage", [lambda file: file.unlink(), lambda file: file.write_bytes(b"no index")])
def test_a_missing_or_damaged_file_is_named(tmp_path, damage):
    made().save(tmp_path)
    damage(tmp_path / FILE_NAME)
    with pytest.raises(BundleError, match=rf"{FILE_NAME} cannot be read"):
        open_index(tmp_path, VECTORS)


def test_faiss_still_searches_no_range_of_coded_lists():
    """The day on which this fails, `reaching` can ask for a score, as that of whole vectors does."""
    with pytest.raises(RuntimeError):
        made().lists.range_search(QUERIES[:1], 3.0)


def test_few_vectors_are_enough_to_learn_levels_from():
    index = IvfPqIndex.build(VECTORS[:5], QUERIES, num_lists=2, num_probes=2)
    assert index.lists.ntotal == 5
    assert faiss.downcast_index(index.lists).pq.ksub == 1 << ivfpq_index.BITS
