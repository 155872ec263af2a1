"""The query tower alone, on one thread, for users whose history is full."""

from collections.abc import Iterator, Mapping

import numpy as np

from benchmarks.inputs import Inputs
from benchmarks.measure import latencies_ms
from benchmarks.result import Result
from benchmarks.workload import ROUNDS, WARM_UP
from winnow.bundle.bundle import Bundle
from winnow.engine.onnx_model import OnnxModel
from winnow.engine.open_engine import open_engine
from winnow.schema.column import Array
from winnow.schema.schema import EventType

GROUP = "search"
QUALITY = False
QUERIES = 256


def rows(inputs: Inputs) -> Iterator[Result]:
    """Median and 99th percentile of one run of the tower for one request."""
    catalogue, length = open_engine(inputs.bundle).catalogue, Bundle.open(inputs.bundle).schema.history.length
    tower = OnnxModel.open(inputs.bundle / "query")
    feeds = [feed(tower, catalogue.tower, length, seed) for seed in range(QUERIES)]
    taken = latencies_ms(
        lambda number: tower(feeds[number % QUERIES]), warm_up=WARM_UP, rounds=ROUNDS, label="query encoding"
    )
    how = (
        f"query.onnx of the retail bundle in ONNX Runtime, 1 thread, batch 1, history of {length} items, "
        f"vector width {catalogue.tower.shape[1]}, {ROUNDS * 100:,} runs"
    )
    for percent in (50, 99):
        value = float(np.percentile(taken, percent))
        yield Result(name=f"search.query_encoding.p{percent}_ms", value=value, unit="ms", better="lower", how=how)


def feed(tower: OnnxModel, vectors: Array, length: int, seed: int) -> Mapping[str, Array]:
    """Arrays of a request whose history holds `length` items of the catalogue; its times rise."""
    draw = np.random.default_rng(seed)
    ages = np.sort(draw.exponential(86_400.0, (1, length)))[:, ::-1]
    given = {
        "history_vectors": vectors[draw.integers(len(vectors), size=(1, length))],
        "history_types": draw.integers(len(EventType), size=(1, length)),
        "history_ages": np.ascontiguousarray(ages),
        "history_present": np.ones((1, length), np.float32),
    }
    widths = {each.name: (each.shape[1], each.type) for each in tower.session.get_inputs() if each.name not in given}
    zeros = {
        name: np.zeros((1, width), np.float32 if "float" in kind else np.int32)
        for name, (width, kind) in widths.items()
    }
    return {**given, **zeros}
