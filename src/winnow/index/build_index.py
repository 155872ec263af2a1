"""The choice of an index, made by the recipe and the size of the catalogue, and its recall, measured."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from math import sqrt
from types import MappingProxyType

from winnow.index.exact_index import ExactIndex
from winnow.index.hnsw_index import HnswIndex
from winnow.index.index_config import IndexConfig
from winnow.index.ivf_index import IvfIndex
from winnow.index.ivfpq_index import IvfPqIndex
from winnow.index.recall import RECALL_AT, recall, too_little
from winnow.schema.column import Array
from winnow.schema.errors import RecipeError

EXACT_BELOW, CODED_FROM = 100_000, 500_000
"""Items below which all are read, and from which on vectors in lists are coded, unless a recipe says otherwise."""
RECALL_GOAL = 0.99
FURTHEST = 16
"""Times 300 items that a graph is searched for at most."""

NEARLY = 0.001
"""Recall that is not worth to be searched for as far as an index can."""
BISECTIONS = 3
LISTS_PER_ROOT = 4
"""Lists for each item of the root of all. Of a million items, half as many have to be read twice as far."""

Approximate = IvfIndex | IvfPqIndex | HnswIndex
Choices = tuple[Callable[[int], Approximate], int]
"""An index that is searched so far, from 1, and how far at most."""


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
        kind = "exact" if exact.num_items < EXACT_BELOW else "ivf" if exact.num_items < CODED_FROM else "ivfpq"
    if kind == "exact" or not exact.num_items:
        return exact
    if not len(queries):
        raise ValueError("There are no sample queries; the recall of an approximate index is measured, never assumed.")
    truth, _ = exact.search(queries, RECALL_AT)
    tuned = slice(0, None, 2)
    choices = CHOICES[kind](vectors, queries[tuned])
    goal = max(RECALL_GOAL, config.recall_floor)
    index = _far_enough(choices, lambda index: _recall(index, queries[tuned], truth[tuned]), goal)
    held_out = slice(1, None, 2) if len(queries) > 1 else tuned
    index = replace(index, recall=_recall(index, queries[held_out], truth[held_out]))
    if index.recall < config.recall_floor:
        raise RecipeError(too_little(kind, index.recall, config.recall_floor))
    return index


def _far_enough(choices: Choices, found: Callable[[Approximate], float], goal: float) -> Approximate:
    """Twice as far each time until it finds enough; then back towards half of that, to an eighth of it.

    Where even the farthest search does not, nearly as much is enough: codes tell neighbours apart only so well.
    """
    at, most = choices
    at_most = found(at(most))
    enough = goal if at_most >= goal else at_most - NEARLY
    far = 1
    while far < most and found(at(far)) < enough:
        far = min(2 * far, most)
    short = far // 2
    for _ in range(BISECTIONS):
        between = (short + far) // 2
        if not short < between < far:
            break
        short, far = (short, between) if found(at(between)) >= enough else (between, far)
    return at(far)


def _lists(made: type[IvfIndex | IvfPqIndex], vectors: Array, queries: Array) -> Choices:
    """Lists in proportion to the root of the items; by lists that are probed, at most all."""
    num_lists = min(len(vectors), round(LISTS_PER_ROOT * sqrt(len(vectors))))
    index = made.build(vectors, queries, num_lists=num_lists, num_probes=1)
    return lambda num_probes: replace(index, num_probes=num_probes), num_lists


def _hnsw(vectors: Array, queries: Array) -> Choices:
    index = HnswIndex.build(vectors, queries, ef_search=RECALL_AT)
    return lambda times: replace(index, ef_search=times * RECALL_AT), FURTHEST


CHOICES: Mapping[str, Callable[[Array, Array], Choices]] = MappingProxyType(
    {"ivf": partial(_lists, IvfIndex), "ivfpq": partial(_lists, IvfPqIndex), "hnsw": _hnsw}
)


def _recall(index: Approximate, queries: Array, truth: Array) -> float:
    return recall(index.search(queries, RECALL_AT)[0], truth)
