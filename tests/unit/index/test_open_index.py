import subprocess
import sys

import numpy as np
import pytest

from winnow.index.exact_index import ExactIndex
from winnow.index.index_card import IndexCard
from winnow.index.open_index import open_index
from winnow.schema.errors import BundleError

VECTORS = np.eye(3, dtype=np.float32)


def test_an_exact_index_keeps_no_second_copy_of_the_vectors(tmp_path):
    ExactIndex(vectors=VECTORS).save(tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["index.json"]
    opened = open_index(tmp_path, VECTORS)
    assert isinstance(opened, ExactIndex)
    assert opened.vectors is VECTORS


def test_vectors_of_another_shape_are_refused(tmp_path):
    ExactIndex(vectors=VECTORS).save(tmp_path)
    with pytest.raises(BundleError, match=r"3 vectors of width 3; the catalogue's have the shape \[2, 3\]"):
        open_index(tmp_path, VECTORS[:2])


@pytest.mark.parametrize("text", [None, "not JSON", "[1]", '{"kind": "exact"}', '{"colour": 1}'])
def test_a_missing_or_damaged_card_is_named(tmp_path, text):
    if text is not None:
        (tmp_path / "index.json").write_text(text)
    with pytest.raises(BundleError, match=r"index\.json is not the card of an index"):
        open_index(tmp_path, VECTORS)


def test_a_kind_of_the_future_is_refused(tmp_path):
    IndexCard(kind="quantum", num_items=3, embedding_dim=3, recall=1.0).save(tmp_path)
    with pytest.raises(
        BundleError, match="kind 'quantum'; this program knows: exact, faiss_ivf, faiss_ivfpq, faiss_hnsw"
    ):
        open_index(tmp_path, VECTORS)


def test_an_index_that_found_less_than_its_recipe_wants_is_refused_with_both_figures(tmp_path):
    IndexCard(kind="exact", num_items=3, embedding_dim=3, recall=0.9).save(tmp_path)
    with pytest.raises(BundleError, match=r"finds 0.9000 of the 300 best .* wants 0.95 at least.*'exact', or a lower"):
        open_index(tmp_path, VECTORS, 0.95)
    assert open_index(tmp_path, VECTORS, 0.9).num_items == 3


def test_the_protocol_and_the_exact_index_do_without_faiss():
    program = "import sys, winnow.index.index, winnow.index.exact_index; sys.exit('faiss' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
