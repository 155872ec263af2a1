import os
import subprocess
import sys

import numpy as np
import pytest

from winnow.index.exact_index import ExactIndex
from winnow.index.faiss_file import FILE_NAME
from winnow.index.ivf_index import IvfIndex
from winnow.index.open_index import open_index
from winnow.schema.errors import BundleError

GENERATOR = np.random.default_rng(1)
VECTORS = GENERATOR.normal(size=(3_000, 16)).astype(np.float32)
QUERIES = GENERATOR.normal(size=(20, 16)).astype(np.float32)


def test_with_all_lists_probed_it_finds_what_the_exact_index_finds():
    index = IvfIndex.build(VECTORS, VECTORS[:99], num_lists=50, num_probes=50)
    allowed = GENERATOR.random(3_000) < 0.3
    for mask in (None, allowed):
        rows, scores = index.search(QUERIES, 100, mask)
        true_rows, true_scores = ExactIndex(vectors=VECTORS).search(QUERIES, 100, mask)
        np.testing.assert_array_equal(rows, true_rows)
        np.testing.assert_allclose(scores, true_scores, rtol=1e-5)


def test_duplicates_of_any_vector_come_in_the_order_of_their_rows():
    copies = np.tile(VECTORS[:300], (7, 1))
    index = IvfIndex.build(copies, copies[:99], num_lists=20, num_probes=20)
    rows, _ = index.search(QUERIES, 10)
    for line, query in zip(rows, QUERIES, strict=True):
        first, second = np.argsort(-VECTORS[:300] @ query)[:2]
        assert line.tolist() == [first + 300 * n for n in range(7)] + [second + 300 * n for n in range(3)]


def test_where_the_probed_lists_hold_too_few_all_items_are_read():
    index = IvfIndex.build(VECTORS, VECTORS[:99], num_lists=50, num_probes=3)
    probed = index.lists.ivf.search(QUERIES, 400, params=index._usual)[1]
    assert (probed < 0).any(), "three lists of fifty hold fewer than 400 items for some query"
    np.testing.assert_array_equal(index.search(QUERIES, 400)[0], ExactIndex(vectors=VECTORS).search(QUERIES, 400)[0])


def test_the_same_vectors_build_the_same_files(tmp_path):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        IvfIndex.build(VECTORS, VECTORS[:99], num_lists=50, num_probes=3).save(tmp_path / name)
    assert (tmp_path / "one" / FILE_NAME).read_bytes() == (tmp_path / "two" / FILE_NAME).read_bytes()


def test_what_was_measured_is_still_known_when_it_is_opened(tmp_path):
    IvfIndex.build(VECTORS, VECTORS[:99], num_lists=50, num_probes=3, recall=0.75).save(tmp_path)
    opened = open_index(tmp_path, VECTORS)
    assert isinstance(opened, IvfIndex)
    assert (opened.num_probes, opened.recall) == (3, 0.75)


@pytest.mark.parametrize("damage", [lambda file: file.unlink(), lambda file: file.write_bytes(b"no index")])
def test_a_missing_or_damaged_file_is_named(tmp_path, damage):
    IvfIndex.build(VECTORS, VECTORS[:99], num_lists=50, num_probes=3).save(tmp_path)
    damage(tmp_path / FILE_NAME)
    with pytest.raises(BundleError, match=rf"{FILE_NAME} cannot be read"):
        open_index(tmp_path, VECTORS)


def test_a_file_from_another_index_is_refused(tmp_path):
    IvfIndex.build(VECTORS, VECTORS[:99], num_lists=50, num_probes=3).save(tmp_path)
    card = (tmp_path / "index.json").read_bytes()
    IvfIndex.build(VECTORS[:2_000], VECTORS[:2_000][:99], num_lists=50, num_probes=3).save(tmp_path)
    (tmp_path / "index.json").write_bytes(card)
    with pytest.raises(BundleError, match="holds 2000 vectors of width 16; its card says 3000"):
        open_index(tmp_path, VECTORS)


def test_threads_of_the_process_are_left_alone():
    """FAISS and PyTorch share one setting; training would else run in one thread."""
    code = """
import torch
before = torch.get_num_threads()
import winnow.index.ivf_index, winnow.index.hnsw_index
print(before, torch.get_num_threads())
"""
    done = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, "OMP_NUM_THREADS": "2"}, check=True, capture_output=True
    )
    assert done.stdout.split() == [b"2", b"2"]
