"""What a request cannot do without, each part called bare: the floor under its time."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, cast

import numpy as np
import onnxruntime
import orjson

from benchmarks.bare_search import Search, flat_search, hnsw_search, ivf_search, ivfpq_search, numpy_search
from benchmarks.in_process import InProcess
from benchmarks.measure import latencies_ms
from benchmarks.refused import RefusedError
from winnow.engine.assembly import Assembly
from winnow.engine.onnx_model import OnnxModel
from winnow.index.hnsw_index import HnswIndex
from winnow.index.index import Index
from winnow.index.ivf_index import IvfIndex
from winnow.index.ivfpq_index import IvfPqIndex
from winnow.pipeline.filters import SEEN_FILTER
from winnow.pipeline.state_hydrator import seen_days
from winnow.schema.column import Array
from winnow.stores.seen_days import seen_among
from winnow.stores.seen_layout import seen_levels

FEEDS = 200
WARM_UP, ROUNDS = 100, 10
Part = Callable[[int], object]


@dataclass(frozen=True, slots=True)
class RecordingSession:
    """A session of ONNX Runtime that keeps what it is fed."""

    session: onnxruntime.InferenceSession
    feeds: list[Mapping[str, Array]]

    @property
    def _sess(self) -> "RecordingSession":
        """What an `OnnxModel` runs, so that no run goes past this."""
        return self

    def run(self, names: Any, feed: Mapping[str, Array], options: Any = None) -> Any:
        """Runs the session."""
        self.feeds.append(feed)
        return self.session.run(names, feed, options)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.session, name)


def bare_parts_ms(asked: InProcess) -> dict[str, float]:
    """Median of each part by name, on what real requests give it; their sum is the floor.

    Raises:
        RefusedError: the users have no state, or the engine does not tell how it was put together.
    """
    parts = _parts(asked)
    search = {name: part for name, part in parts.items() if name.startswith("search")}
    taken = {name: _median(part, name) for name, part in parts.items()}
    fastest = min(search, key=lambda name: taken[name])
    return {name: each for name, each in taken.items() if name == fastest or name not in search}


def _median(part: Part, name: str) -> float:
    return float(np.median(latencies_ms(part, warm_up=WARM_UP, rounds=ROUNDS, label=name)))


def _parts(asked: InProcess) -> dict[str, Part]:
    engine, assembly = asked.engine, asked.engine.assembly
    if assembly is None or engine.stock is None:
        raise RefusedError("The engine does not say what its request path is made of; open it from a bundle.")
    requests = [asked.users.workload.request(number) for number in range(FEEDS)]
    answers = [orjson.loads(asked.answer(number)) for number in range(FEEDS)]
    hydrated = [engine.pipeline.without(SEEN_FILTER).candidates(each) for each in requests]
    queries = [each.array("query")[0] for each, _ in hydrated]
    days = [seen_days(each) for each, _ in hydrated]
    hashes = [engine.catalogue.hashes[each.item_rows] for _, each in hydrated]
    offsets = [each.offsets for _, each in hydrated]
    if not all(len(each.bits.values) for each in days):
        raise RefusedError("Some users have seen nothing; tell the engine what they did before it is measured.")
    levels = seen_levels(assembly.config.seen)
    users, at = asked.users.user_ids, np.array([asked.users.at])
    searches = _searches(
        engine.stock.index, engine.catalogue.tower, min(assembly.config.ann_quota, len(engine.catalogue))
    )
    return {
        "JSON": lambda n: (orjson.loads(asked.bodies[n % len(users)]), orjson.dumps(answers[n % FEEDS])),
        "state": lambda n: engine.state.read((users[n % len(users)],), at),
        "Bloom": lambda n: seen_among(days[n % FEEDS], levels, hashes[n % FEEDS], offsets[n % FEEDS]),
        **{name: _searching(search, queries) for name, search in searches.items()},
        **_models(assembly, asked),
    }


def _searching(search: Search, queries: list[Array]) -> Part:
    return lambda number: search(queries[number % FEEDS])


def _searches(index: Index, vectors: Array, k: int) -> dict[str, Search]:
    """As the index does it, without what is around it; where all items are read there are two ways."""
    match index:
        case IvfIndex():
            return {"search, FAISS IVF": ivf_search(index.lists.built, index.num_probes, k)}
        case IvfPqIndex():
            return {"search, FAISS IVFPQ": ivfpq_search(index, k)}
        case HnswIndex():
            return {"search, FAISS HNSW": hnsw_search(index, index.ef_search, k)}
        case _:
            return {"search, NumPy": numpy_search(vectors, k), "search, FAISS Flat": flat_search(vectors, k)}


def _models(assembly: Assembly, asked: InProcess) -> dict[str, Part]:
    """Those that requests run."""
    stock, clicks = asked.engine.stock, assembly.clicks
    used = {"query": assembly.query, "ranker": assembly.ranker, "clicks": None if clicks is None else clicks.model}
    models = {name: each for name, each in used.items() if isinstance(each, OnnxModel)}
    recording = {name: RecordingSession(each.session, []) for name, each in models.items()}
    watched = {name: _watched(each, recording[name]) for name, each in models.items()}
    if stock is not None:
        knowing = None if clicks is None else replace(clicks, model=watched.pop("clicks", clicks.model))
        pipeline, _ = replace(assembly, clicks=knowing, **watched).pipelines(stock)
        for number in range(FEEDS):
            pipeline(asked.users.workload.request(number))
    return {name: _running(each) for name, each in recording.items() if each.feeds}


def _watched(model: OnnxModel, session: RecordingSession) -> OnnxModel:
    return replace(model, session=cast("onnxruntime.InferenceSession", session))


def _running(recorded: RecordingSession) -> Part:
    return lambda number: recorded.session.run(None, recorded.feeds[number % FEEDS])
