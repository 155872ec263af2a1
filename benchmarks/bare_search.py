"""Searches as one would write them for a benchmark: no mask, no ties, no change, no refusal."""

from collections.abc import Callable
from typing import Any

import faiss
import numpy as np

from winnow.index.hnsw_index import HnswIndex
from winnow.index.ivfpq_index import MET_FOR_ONE, IvfPqIndex
from winnow.schema.column import Array

FAISS: Any = faiss
Search = Callable[[Array], tuple[Array, Array]]
"""A query float32 [D]; rows and scores of the best k, best first."""
K = 300


def numpy_search(vectors: Array, k: int = K) -> Search:
    """A product, a partition and a sort."""

    def search(query: Array) -> tuple[Array, Array]:
        scores = vectors @ query
        best = np.argpartition(scores, -k)[-k:]
        best = best[np.argsort(-scores[best])]
        return best, scores[best]

    return search


def flat_search(vectors: Array, k: int = K) -> Search:
    """`IndexFlatIP`."""
    index = FAISS.IndexFlatIP(vectors.shape[1])
    index.add(np.ascontiguousarray(vectors))
    return _faiss_search(index, k)


def ivf_search(ivf: Any, num_probes: int, k: int = K) -> Search:
    """An `IndexIVFFlat`, whose probes are set beforehand."""
    ivf.nprobe = num_probes
    return _faiss_search(ivf, k)


def hnsw_search(index: HnswIndex, ef_search: int, k: int = K) -> Search:
    """An `IndexHNSWFlat`, whose sight is set beforehand; it answers distances, which are the other way round."""
    index.graph.hnsw.efSearch = ef_search

    def search(query: Array) -> tuple[Array, Array]:
        distances, rows = index.graph.search(index.seen(query[None]), k)
        return rows[0], -distances[0]

    return search


def ivfpq_search(index: IvfPqIndex, k: int = K) -> Search:
    """An `IndexIVFPQFastScan`, whose probes are set beforehand, and a product with what it finds."""
    index.lists.nprobe = index.num_probes
    met = int(MET_FOR_ONE * k)

    def search(query: Array) -> tuple[Array, Array]:
        _, rows = index.lists.search(index.space.asked(query[None]), met)
        scores = index.vectors[rows[0]] @ query
        best = np.argsort(-scores)[:k]
        return rows[0][best], scores[best]

    return search


def _faiss_search(index: Any, k: int) -> Search:
    def search(query: Array) -> tuple[Array, Array]:
        scores, rows = index.search(query[None], k)
        return rows[0], scores[0]

    return search
