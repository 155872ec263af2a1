"""Small shops at random, and ways to plant a leak in any shop."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa

from winnow.data.dataset import AT, ITEM, TYPE, USER, Dataset
from winnow.data.report import DataReport
from winnow.evaluation.leaks.coded_events import CodedEvents
from winnow.evaluation.leaks.split_events import SplitEvents
from winnow.evaluation.leaks.trained_on import TrainedOn
from winnow.schema.feature import Entity, Feature, Kind
from winnow.schema.schema import Events, Schema
from winnow.schema.stable_hash import stable_hashes
from winnow.stores.event_log import EventLog

CUT = 1_000.0


def random_shop(seed: int, *, events: int = 400, users: int = 12, items: int = 9, instants: int = 60) -> Dataset:
    """Few users, items and instants, so that equal ones meet often; times around CUT."""
    draw = np.random.default_rng(seed)
    rows = pa.table(
        {
            USER: pa.array([f"u{each}" for each in draw.integers(users, size=events)]),
            ITEM: pa.array([f"i{each}" for each in draw.integers(items, size=events)]),
            TYPE: pa.array(draw.choice(["click", "cart", "purchase"], events).tolist()),
            AT: pa.array(np.sort(CUT + draw.integers(-instants // 2, instants // 2, events)).astype(float)),
        }
    )
    return Dataset(
        schema=Schema(features=(), events=Events(time=AT)),
        users=pa.table({USER: [f"u{each}" for each in range(users)]}),
        items=pa.table({ITEM: [f"i{each}" for each in range(items)]}),
        events=rows,
        report=DataReport(rows_read={}, rows_kept={}),
        source="by chance",
    )


def sides(dataset: Dataset, train: Sequence[int] | Any, test: Sequence[int] | Any, cut: float | None) -> SplitEvents:
    """Any rows on either side."""
    left, right = (dataset.events.take(pa.array(np.asarray(rows, np.int64))) for rows in (train, test))
    return SplitEvents.between(dataset, left, right, cut)


def cut_in_time(dataset: Dataset) -> SplitEvents:
    at = dataset.events[AT].to_numpy()
    return sides(dataset, np.flatnonzero(at < CUT), np.flatnonzero(at >= CUT), CUT)


def leave_one_out(dataset: Dataset) -> SplitEvents:
    """The last row of every user is held out."""
    users = np.array(dataset.events[USER].to_pylist())
    last = [int(np.flatnonzero(users == user)[-1]) for user in np.unique(users)]
    return sides(dataset, np.setdiff1d(np.arange(len(users)), last), np.sort(last), None)


def with_column(dataset: Dataset, entity: Entity, name: str, values: Sequence[Any], kind: Kind) -> Dataset:
    """One more declared feature with a value for each row of its entity's table."""
    table = {Entity.USER: "users", Entity.ITEM: "items", Entity.CONTEXT: "events"}[entity]
    column = pa.array(list(values), pa.float64() if kind in (Kind.NUMBER, Kind.TIME) else pa.string())
    wider = getattr(dataset, table).append_column(name, column)
    feature = Feature(name=name, entity=entity, kind=kind)
    schema = replace(dataset.schema, features=(*dataset.schema.features, feature))
    return replace(dataset, schema=schema, **{table: wider})


def log_of(events: CodedEvents) -> EventLog:
    """What a bundle keeps of events."""
    names = events.table[ITEM].to_pylist()
    hashes = stable_hashes(names) if names else np.empty(0, np.uint64)
    return EventLog.of(events.table[USER].to_pylist(), hashes, events.types.astype(np.int8), events.at)


def trained_on(events: SplitEvents, **changes: Any) -> TrainedOn:
    """An honest bundle's traces of the training side, or with some of them changed."""
    train, item_ids = events.train, tuple(events.dataset.items[ITEM].to_pylist())
    honest = TrainedOn(
        train_until=events.cut,
        log=log_of(train),
        item_ids=item_ids,
        popularity=np.bincount(train.items[train.positive], minlength=len(item_ids)).astype(np.float32),
        words={Entity.ITEM: {ITEM: tuple(sorted(set(train.table[ITEM].to_pylist())))}},
    )
    return replace(honest, **changes)
