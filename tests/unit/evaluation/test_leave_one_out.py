"""The last item of every user, asked for with the one before it known: against slow loops over lists of items."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import log2

import numpy as np
import pyarrow as pa
import pytest

from winnow.data.dataset import Dataset
from winnow.data.leave_out import LeaveLastOut
from winnow.data.report import DataReport
from winnow.data.split import train_events
from winnow.engine.engine import Engine
from winnow.evaluation.evaluate import evaluate
from winnow.evaluation.report import Report
from winnow.evaluation.report_text import report_text
from winnow.pipeline.candidates import Candidates
from winnow.pipeline.catalogue import Catalogue
from winnow.pipeline.filters import SeenFilter
from winnow.pipeline.pipeline import Pipeline, QuotaSource
from winnow.pipeline.request_hydrators import HistoryHydrator
from winnow.pipeline.requests import Requests
from winnow.pipeline.selectors import ScoreSelector
from winnow.pipeline.stage import filter_stage, request_stage, score_stage
from winnow.pipeline.state_hydrator import StateHydrator
from winnow.schema.column import Array
from winnow.schema.schema import Schema
from winnow.schema.stable_hash import stable_hashes
from winnow.stores.counted_types import counted_types
from winnow.stores.event import CODE_OF_TYPE
from winnow.stores.event_log import EventLog
from winnow.stores.layered_state import LayeredState
from winnow.stores.memory_state import MemoryState
from winnow.stores.seen_layout import SeenConfig, seen_levels
from winnow.stores.state_config import StateConfig

USERS, ITEMS, KS = 60, 40, (5, 10, 20)
IDS = tuple(f"i{row:02d}" for row in range(ITEMS))
COUNTED = counted_types(["click"])


def sequences() -> list[list[int]]:
    """Mostly steps to the next item or the one after; three users are too short to be asked, and some items repeat."""
    random = np.random.default_rng(0)
    lengths = [1, 2, 2, *random.integers(3, 15, size=USERS - 3)]
    walks = [random.integers(ITEMS) + np.cumsum(random.integers(1, 4, size=length)) for length in lengths]
    return [(walk % ITEMS).tolist() for walk in walks]


def dataset_of(lists: list[list[int]]) -> Dataset:
    rows = [(f"u{user:02d}", IDS[item], float(at)) for user, items in enumerate(lists) for at, item in enumerate(items)]
    rows.sort(key=lambda row: row[2])
    users, items, at = zip(*rows, strict=True)
    return Dataset(
        schema=Schema(features=()),
        users=pa.table({"user_id": [f"u{user:02d}" for user in range(USERS)]}),
        items=pa.table({"item_id": list(IDS)}),
        events=pa.table({"user_id": users, "item_id": items, "event_type": ["click"] * len(rows), "at": at}),
        report=DataReport(rows_read={}, rows_kept={}),
        source="by hand",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Everything:
    def retrieve(self, requests: Requests, k: int) -> Candidates:
        rows = np.tile(np.arange(ITEMS), len(requests))
        return Candidates(
            item_rows=rows, offsets=np.arange(len(requests) + 1) * ITEMS, columns={"score": np.zeros(len(rows))}
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class StepsFromTheLast:
    """Best is what follows the last item of the history."""

    def score(self, requests: Requests, candidates: Candidates) -> Array:
        history = requests.ragged("history")
        last = history.values[history.offsets[1:] - 1]
        return -((candidates.item_rows - last[candidates.request_of()]) % ITEMS).astype(np.float32)


def engine_of(dataset: Dataset, split: LeaveLastOut) -> Engine:
    """What a bundle would be: it knows the training events and no others."""
    events = train_events(dataset, split)
    log = EventLog.of(
        user_ids=events["user_id"].to_pylist(),
        item_hashes=stable_hashes(events["item_id"].to_pylist()),
        types=np.full(events.num_rows, CODE_OF_TYPE["click"], np.int8),
        at=events["at"].to_numpy(),
    )
    store = LayeredState(base=log, live=MemoryState(StateConfig(length=50, counted=COUNTED)))
    zeros = np.zeros((ITEMS, 1), np.float32)
    catalogue = Catalogue(
        item_ids=IDS,
        codes=zeros.astype(np.int32),
        values=zeros,
        vectors={},
        tower=zeros,
        cards=[{}] * ITEMS,
        allowed=np.ones(ITEMS, bool),
    )
    state = StateHydrator(store=store, catalogue=catalogue)
    hydrator = HistoryHydrator(length=50, counted=COUNTED)
    seen = SeenFilter(catalogue=catalogue, counted=COUNTED, levels=seen_levels(SeenConfig()))
    pipeline = Pipeline(
        num_items=ITEMS,
        request_stages=(request_stage("state", state), request_stage("history", hydrator)),
        sources=(QuotaSource(name="everything", source=Everything(), quota=ITEMS),),
        filters=(filter_stage("seen", seen, soft=True),),
        fallback=Everything(),
        ranking=(score_stage("rank", StepsFromTheLast()),),
        selector=ScoreSelector(),
    )
    return Engine(
        name="by-hand", digest="0", schema=dataset.schema, catalogue=catalogue, pipeline=pipeline, state=store
    )


def scores_of(model: str, train: list[list[int]], history: list[int]) -> list[float]:
    """By loops: of every item, for a user with this history."""
    had = [set(items) for items in train]
    users = [[user for user, items in enumerate(had) if item in items] for item in range(ITEMS)]
    if model == "winnow":
        return [-float((item - history[-1]) % ITEMS) for item in range(ITEMS)]
    if model == "popular":
        return [float(sum(items.count(item) for items in train)) for item in range(ITEMS)]
    scores = [0.0] * ITEMS
    for item in range(ITEMS):
        for own in set(history) - {item}:
            together = len(set(users[item]) & set(users[own]))
            scores[item] += together / max(1.0, (len(users[item]) * len(users[own])) ** 0.5)
    return scores


def expected(model: str, n: int) -> Mapping[tuple[str, int], float]:
    """HR and NDCG by loops; an item that the user had before is not asked for."""
    lists = sequences()
    train = [items[:-n] if len(items) > n else items for items in lists]
    popular = scores_of("popular", train, [0])
    places: list[int] = []
    for items in lists:
        *history, right = items
        if len(items) > n and right not in history:
            scores = scores_of(model, train, history)
            order = sorted(range(ITEMS), key=lambda item: (-round(scores[item], 9), -popular[item], item))
            places.append([item for item in order if item not in history].index(right))
    hit = {("hit_rate", k): sum(place < k for place in places) / len(places) for k in KS}
    gain = {("ndcg", k): sum(1 / log2(place + 2) for place in places if place < k) / len(places) for k in KS}
    return {**hit, **gain}


@pytest.fixture(scope="module", params=[1, 2, 3])
def case(request: pytest.FixtureRequest) -> tuple[int, Report]:
    dataset, split = dataset_of(sequences()), LeaveLastOut(events=request.param)
    return request.param, evaluate(engine_of(dataset, split), dataset, split)


@pytest.mark.parametrize("model", ["winnow", "popular", "item_to_item"])
def test_figures_are_those_of_slow_loops(case: tuple[int, Report], model: str) -> None:
    n, report = case
    found = {(row.metric, row.k): row.value for row in report.rows if (row.model, row.slice) == (model, "all")}
    for key, value in expected(model, n).items():
        assert found[key] == pytest.approx(value), key


def test_the_whole_catalogue_is_known_by_its_place_after_the_validation_item(case: tuple[int, Report]) -> None:
    """Steps are 1 to 3, so the right item is among the first three, if the very last item was known."""
    _, report = case
    (found,) = [r.value for r in report.rows if (r.model, r.metric, r.k, r.slice) == ("winnow", "hit_rate", 5, "all")]
    assert found == 1


def test_rows_and_text_are_labelled_with_the_protocol(case: tuple[int, Report]) -> None:
    _, report = case
    assert {row.protocol for row in report.rows} == {"leave-one-out"}
    assert {row.seen for row in report.rows} == {"masked"}
    assert {row.model for row in report.rows} == {"winnow", "popular", "item_to_item", "ease"}
    assert all(row.low is not None for row in report.rows if row.metric in ("hit_rate", "ndcg", "recall"))
    text = report_text(report)
    assert text.startswith("Protocol leave-one-out: the last item of every user")
    assert "EASE has the penalty" in text
    assert "hit_rate@5" in text
    assert "1.0000 [1.0000, 1.0000]" in text


def test_asking_twice_tells_the_engine_once() -> None:
    dataset, split = dataset_of(sequences()), LeaveLastOut(events=2)
    engine = engine_of(dataset, split)
    assert evaluate(engine, dataset, split) == evaluate(engine, dataset, split)
