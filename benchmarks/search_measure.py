"""Searches of one shop, timed against bare ones in a process of one thread; see bench_search.py."""

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import get_args

import numpy as np

from benchmarks.bare_search import K, Search, flat_search, hnsw_search, ivf_search, ivfpq_search, numpy_search
from benchmarks.measure import latencies_ms
from winnow.index.build_index import build_index
from winnow.index.exact_index import ExactIndex
from winnow.index.hnsw_index import HnswIndex
from winnow.index.index import Index
from winnow.index.index_config import IndexConfig, IndexKind
from winnow.index.ivf_index import IvfIndex
from winnow.index.ivfpq_index import IvfPqIndex
from winnow.index.open_index import open_index
from winnow.index.recall import recall
from winnow.pipeline.catalogue_files import open_catalogue
from winnow.schema.column import Array, Bools

SHARE_ALLOWED, SHARE_GONE, SHARE_CHANGED, SHARE_WANTED = 0.9, 0.01, 0.001, 0.001
WARM_UP = 50
REACHING = 0.95
"""Recall that a bare search must have to be measured against."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """One kind of index in one state.

    Attributes:
        kind: of the index.
        state: "plain", or what was asked of it besides.
        us, bare_us: medians of a search, and of the bare one that took turns with it.
        bare: which that is.
        recall: among the K truly best.
        setting: how far it searches.
        share_found: rows that came back, of those that there are up to K, in the worst of the queries.
    """

    kind: str
    state: str
    us: float
    bare_us: float
    bare: str
    recall: float
    setting: str
    share_found: float


def timings(vectors: Array, queries: Array, indexes: Mapping[str, Index], rounds: int) -> Iterator[Timing]:
    """Every index in every state, against the fastest bare search of as good a recall as `REACHING`."""
    bare = {"NumPy": numpy_search(vectors), "FAISS Flat": flat_search(vectors)}
    for index in indexes.values():
        if isinstance(index, IvfIndex):
            bare[f"FAISS IVF, {setting(index)}"] = ivf_search(index.lists.built, index.num_probes)
        if isinstance(index, IvfPqIndex):
            bare[f"FAISS IVFPQ, {setting(index)}"] = ivfpq_search(index)
        if isinstance(index, HnswIndex):
            bare[f"FAISS HNSW, {setting(index)}"] = hnsw_search(index, index.ef_search)
    truth = ExactIndex(vectors=vectors).search(queries, K)[0]
    exact = {name: bare[name] for name in ("NumPy", "FAISS Flat")}
    reaching = {name: each for name, each in bare.items() if _recall_of(each, queries, truth) >= REACHING}
    fastest = {"exact": _fastest(exact, queries, rounds), "any": _fastest(reaching, queries, rounds)}
    for kind, index in indexes.items():
        name = fastest["exact" if kind == "exact" else "any"]
        yield from _states(kind, index, vectors, queries, (name, bare[name]), rounds)


def _states(
    kind: str, index: Index, vectors: Array, queries: Array, bare: tuple[str, Search], rounds: int
) -> Iterator[Timing]:
    exact = ExactIndex(vectors=vectors)
    for state, changed, allowed, there in states(index, vectors):
        searching = _searching(changed, queries, allowed)
        us, bare_us = _in_turns(searching, bare[1], queries, rounds, f"{kind}, {state}")
        rows = changed.search(queries, K, allowed)[0]
        truth = exact.search(queries, K, there)[0]
        yield Timing(
            kind=kind,
            state=state,
            us=us,
            bare_us=bare_us,
            bare=bare[0],
            recall=recall(rows, truth),
            setting=setting(index),
            share_found=float(((rows >= 0).sum(1) / np.maximum(1, (truth >= 0).sum(1))).min()),
        )


def states(index: Index, vectors: Array) -> Iterator[tuple[str, Index, Bools | None, Bools]]:
    """Name, index, mask, and bool [rows] what may then come back: a delta keeps vectors, so the truth is known."""
    generator, size = np.random.default_rng(0), len(vectors)
    everything = np.ones(size, bool)
    allowed, wanted = (generator.random(size) < share for share in (SHARE_ALLOWED, SHARE_WANTED))
    gone = np.flatnonzero(generator.random(size) < SHARE_GONE)
    live = everything.copy()
    live[gone] = False
    again = np.sort(generator.choice(np.flatnonzero(live), max(1, round(SHARE_CHANGED * size)), replace=False))
    delta = index.with_items(again, vectors[again])
    yield "plain", index, None, everything
    yield "mask", index, allowed, allowed
    yield "delta", delta, None, everything
    yield "tombstones", index.without(gone), None, live
    yield "all", delta.without(gone), allowed, allowed & live
    yield "filter", delta.without(gone), wanted, wanted & live


def setting(index: Index) -> str:
    """How far an index searches."""
    match index:
        case IvfIndex() | IvfPqIndex():
            return f"{index.num_probes} of {index.num_lists} lists"
        case HnswIndex():
            return f"efSearch {index.ef_search}"
        case _:
            return "all items"


def _searching(index: Index, queries: Array, allowed: Bools | None) -> Callable[[int], object]:
    return lambda number: index.search(queries[number : number + 1], K, allowed)


def _in_turns(
    call: Callable[[int], object], bare: Search, queries: Array, rounds: int, label: str
) -> tuple[float, float]:
    """Medians in microseconds; the two take turns on queries far apart, so that neither warms the other's."""
    half = len(queries) // 2

    def one(number: int) -> object:
        place = number // 2
        return bare(queries[(place + half) % len(queries)]) if number % 2 else call(place % len(queries))

    taken = latencies_ms(one, warm_up=WARM_UP, rounds=rounds, label=label).reshape(-1, 2)
    ours, theirs = (np.median(taken, axis=0) * 1e3).tolist()
    return ours, theirs


def _fastest(bare: Mapping[str, Search], queries: Array, rounds: int) -> str:
    def median(search: Search, name: str) -> float:
        calls = latencies_ms(
            lambda number: search(queries[number % len(queries)]), warm_up=WARM_UP, rounds=rounds, label=name
        )
        return float(np.median(calls))

    taken = {name: median(search, name) for name, search in bare.items()}
    return min(taken, key=lambda name: taken[name])


def _recall_of(search: Search, queries: Array, truth: Array) -> float:
    return recall(np.stack([search(query)[0] for query in queries]), truth)


def main(bundle: Path, queries_file: Path, kinds: str, rounds: int) -> None:
    """Prints one JSON line for each timing."""
    catalogue = open_catalogue(bundle / "catalogue")
    vectors, queries = catalogue.tower, np.load(queries_file, allow_pickle=False)
    indexes: dict[str, Index] = {"auto": open_index(bundle / "index", vectors)}
    for kind in get_args(IndexKind):
        if kind in kinds.split(","):
            # The file of the queries is named after the very bundle that they are of.
            indexes[kind] = _kept(kind, vectors, queries, queries_file.with_suffix(f".{kind}"))
    for timing in timings(vectors, queries, indexes, rounds):
        sys.stdout.write(json.dumps(asdict(timing)) + "\n")


def _kept(kind: IndexKind, vectors: Array, queries: Array, folder: Path) -> Index:
    """An index of the kind, built once."""
    if kind == "exact":
        return ExactIndex(vectors=vectors)
    if not (folder / "index.json").exists():
        folder.mkdir(exist_ok=True)
        build_index(vectors, queries, IndexConfig(kind=kind, recall_floor=0.5)).save(folder)
    return open_index(folder, vectors)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], int(sys.argv[4]))
