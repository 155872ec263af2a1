"""Items like one item, in this process, one question at a time, beside the least that NumPy can do."""

from collections.abc import Callable, Iterator

import numpy as np

from benchmarks.inputs import Inputs
from benchmarks.measure import latencies_ms
from benchmarks.result import Result
from benchmarks.workload import ROUNDS, WARM_UP, K
from winnow.engine.open_engine import open_engine
from winnow.pipeline.similar_items import BEHAVIOUR, similar_items, vectors_by_part
from winnow.schema.column import Array

GROUP = "similar"
QUALITY = False


def rows(inputs: Inputs) -> Iterator[Result]:
    """Medians by behaviour and by all parts alike, and the first held against a bare product and selection."""
    catalogue = open_engine(inputs.bundle).catalogue
    order = np.random.default_rng(0).permutation(len(catalogue)).tolist()
    behaviour = median_us(order, lambda row: similar_items(catalogue, row, {BEHAVIOUR: 1.0}, K), "behaviour")
    bare = median_us(order, lambda row: bare_numpy(catalogue.tower, row), "NumPy alone")
    mix = dict.fromkeys(vectors_by_part(catalogue), 1.0)
    mixed = median_us(order, lambda row: similar_items(catalogue, row, mix, K), "mix")
    name, how = f"similar.{len(catalogue)}", f"in process, {ROUNDS * 100:,} questions, k={K}; {len(catalogue):,} items"
    width = f"vector width {catalogue.tower.shape[1]}"
    yield Result(name=f"{name}.p50_us", value=behaviour, unit="us", better="lower", how=f"by behaviour, {how}, {width}")
    against = f"{name}.p50_us over matmul + argpartition + sort of {K} in this run ({bare:.3g} us); {how}, {width}"
    yield Result(name=f"{name}.over_numpy", value=behaviour / bare, unit="x", better="lower", how=against)
    widths = ", ".join(f"{part} {vectors_by_part(catalogue)[part].shape[1]}" for part in mix)
    parts = f"by all parts alike ({widths}), {how}"
    yield Result(name=f"{name}.mix.p50_us", value=mixed, unit="us", better="lower", how=parts)


def median_us(order: list[int], call: Callable[[int], object], label: str) -> float:
    """Microseconds of a question about one item after the other."""
    taken = latencies_ms(
        lambda number: call(order[number % len(order)]), warm_up=WARM_UP, rounds=ROUNDS, label=f"similar, {label}"
    )
    return float(np.median(taken)) * 1e3


def bare_numpy(vectors: Array, row: int) -> tuple[Array, Array]:
    """The best rows and their inner products; the item itself is among them, and ties fall as they like."""
    scores = vectors @ vectors[row]
    best = np.argpartition(scores, -K)[-K:]
    best = best[np.argsort(-scores[best])]
    return best, scores[best]
