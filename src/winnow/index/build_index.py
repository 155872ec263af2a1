"""The choice of an index, made by the recipe and the size of the catalogue, and its recall, measured."""

from collections.abc import Iterator
from dataclasses import replace
from math import sqrt

import numpy as np

from winnow.index.exact_index import ExactIndex
from winnow.index.faiss_index import FaissIndex
from winnow.index.hnsw_index import HnswIndex
from winnow.index.index_config import IndexConfig
from winnow.index.recall import RECALL_AT, recall, too_little
from winnow.schema.column import Array
from winnow.schema.errors import RecipeError

EXACT_BELOW = 100_000
RECALL_GOAL = 0.99
FURTHEST = 16
"""Times 300 items that a graph is searched for at most."""

Approximate = FaissIndex | HnswIndex


def build_index(vectors: Array, queries: Array, config: IndexConfig) -> ExactIndex | Approximate:
    """The index that the recipe asks for, searched no further than a recall of 0.99 among the best 300 needs.

    Lists and links are made for one half of the queries, how far is found on it, and the recall that is told is that on
    the other half.

    Args:
        vectors: float32 [N, D], finite.
        queries: float32 [Q, D], a sample of real queries, for an approximate index at least one; 200 are plenty.
        config: which index, and the recall that it must have.

    Raises:
        ValueError: vectors are not finite or not float32, or there are no queries to measure with.
        RecipeError: the recall is below the floor.
    """
    exact = ExactIndex(vectors=vectors)
    kind = config.kind
    if kind == "auto":
        kind = "exact" if exact.num_items < EXACT_BELOW else "ivf"
    if kind == "exact" or not exact.num_items:
        return exact
    if not len(queries):
        raise ValueError("There are no sample queries; the recall of an approximate index is measured, never assumed.")
    truth, _ = exact.search(queries, RECALL_AT)
    tuned = slice(0, None, 2)
    choices = _ivf(vectors, queries[tuned]) if kind == "ivf" else _hnsw(vectors, queries[tuned])
    index = _far_enough(choices, queries[tuned], truth[tuned], config)
    held_out = slice(1, None, 2) if len(queries) > 1 else tuned
    index = replace(index, recall=_recall(index, queries[held_out], truth[held_out]))
    if index.recall < config.recall_floor:
        raise RecipeError(too_little(kind, index.recall, config.recall_floor))
    return index


def _far_enough(choices: Iterator[Approximate], queries: Array, truth: Array, config: IndexConfig) -> Approximate:
    goal = max(RECALL_GOAL, config.recall_floor)
    index = next(choices)
    while _recall(index, queries, truth) < goal and (further := next(choices, None)) is not None:
        index = further
    return index


def _ivf(vectors: Array, queries: Array) -> Iterator[FaissIndex]:
    """Lists in proportion to the root of the items; more and more of them probed, at last all."""
    num_lists = min(len(vectors), round(2 * sqrt(len(vectors))))
    index = FaissIndex.build(vectors, queries, num_lists=num_lists, num_probes=1)
    for num_probes in np.minimum(2 ** np.arange(num_lists.bit_length() + 1), num_lists).tolist():
        yield replace(index, num_probes=num_probes)


def _hnsw(vectors: Array, queries: Array) -> Iterator[HnswIndex]:
    index = HnswIndex.build(vectors, queries, ef_search=RECALL_AT)
    for times in 2 ** np.arange(FURTHEST.bit_length()):
        yield replace(index, ef_search=int(times) * RECALL_AT)


def _recall(index: Approximate, queries: Array, truth: Array) -> float:
    return recall(index.search(queries, RECALL_AT)[0], truth)
