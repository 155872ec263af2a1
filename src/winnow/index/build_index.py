"""The choice of an index, made by the size of the catalogue."""

from dataclasses import replace
from math import sqrt

import numpy as np

from winnow.index.exact_index import ExactIndex
from winnow.index.faiss_index import FaissIndex
from winnow.index.recall import recall
from winnow.schema.column import Array

EXACT_UP_TO = 100_000
RECALL_GOAL = 0.99
RECALL_AT = 300


def build_index(vectors: Array, queries: Array) -> tuple[ExactIndex | FaissIndex, float]:
    """Exact up to 100,000 items; above, FAISS with as few probes as reach a recall of 0.99 among the best 300.

    Args:
        vectors: float32 [N, D], finite.
        queries: float32 [Q, D], a sample of real queries, at least one; 200 are plenty.

    Returns:
        the index, and its recall on the sample, 0 to 1.

    Raises:
        ValueError: vectors are not finite or not float32, or there are no queries to measure with.
    """
    exact = ExactIndex(vectors=vectors)
    if exact.num_items <= EXACT_UP_TO:
        return exact, 1.0
    if not len(queries):
        raise ValueError("There are no sample queries; the recall of an approximate index is measured, never assumed.")
    num_lists = round(2 * sqrt(exact.num_items))
    approximate = FaissIndex.build(vectors, num_lists=num_lists, num_probes=1)
    measured = _probed_enough(approximate, queries, exact.search(queries, RECALL_AT)[0])
    return measured, measured.recall


def _probed_enough(index: FaissIndex, queries: Array, true_rows: Array) -> FaissIndex:
    num_lists = index.ivf.nlist
    for num_probes in np.minimum(2 ** np.arange(num_lists.bit_length() + 1), num_lists).tolist():
        index = replace(index, num_probes=num_probes)
        index = replace(index, recall=recall(index.search(queries, RECALL_AT)[0], true_rows))
        if index.recall >= RECALL_GOAL:
            break
    return index
