"""Shops in which one event of a visit says what is bought next, and the mean of the history does not say which one.

Everybody pays visits on different days, views some items a minute apart, and buys an item after the last view. What is
bought is planted: the successor of the item that was viewed last, the item that was put into the cart, or the item that
the visitor came back to after some hours.
"""

from dataclasses import replace
from typing import Literal

import numpy as np
import pyarrow as pa

from winnow.data.dataset import Dataset
from winnow.data.report import DataReport
from winnow.schema.column import Array
from winnow.schema.feature import Entity, Feature, Kind
from winnow.schema.schema import Events, EventType, Schema
from winnow.schema.transform import History, Vocabulary
from winnow.training.interactions import interactions_of
from winnow.training.training_set import TrainingSet, training_set

Plant = Literal["last", "cart", "pause"]
USERS, VISITS, VIEWS, ITEMS = 160, 8, 5, 24
MINUTE_S, PAUSE_S, DAY_S = 60.0, 3 * 3600.0, 86_400.0
CHANCE = 1 / VIEWS
"""How often somebody is right at most who knows what was viewed in the visit, but not which view it was that counts."""

SCHEMA = Schema(
    features=(
        Feature(
            name="history",
            entity=Entity.USER,
            kind=Kind.ID,
            transform=History(length=2 * VIEWS, types=(EventType.VIEW, EventType.CART)),
        ),
        Feature(name="item_id", entity=Entity.ITEM, kind=Kind.ID, transform=Vocabulary()),
    ),
    events=Events(positives=(EventType.PURCHASE,)),
)


def order_dataset(plant: Plant, seed: int = 0) -> Dataset:
    """Each visit has different items, and any of its views may be the one that counts, but for the very first."""
    draw = np.random.default_rng(seed)
    rows: list[tuple[str, int, str, float]] = []
    for visit in range(VISITS):
        for user in range(USERS):
            viewed = draw.choice(ITEMS, VIEWS, replace=False)
            counts = int(draw.integers(1, VIEWS)) if plant != "last" else VIEWS - 1
            gaps = np.full(VIEWS, MINUTE_S)
            gaps[counts] = PAUSE_S if plant == "pause" else MINUTE_S
            at = visit * DAY_S + user + np.cumsum(gaps)
            kinds = [EventType.CART if plant == "cart" and each == counts else EventType.VIEW for each in range(VIEWS)]
            bought = (viewed[counts] + (plant == "last")) % ITEMS
            rows += [
                (f"user-{user}", *each) for each in zip(viewed.tolist(), map(str, kinds), at.tolist(), strict=True)
            ]
            rows.append((f"user-{user}", int(bought), str(EventType.PURCHASE), float(at[-1]) + MINUTE_S))
    rows.sort(key=lambda row: row[3])
    names, items, kinds, at = map(list, zip(*rows, strict=True))
    return Dataset(
        schema=SCHEMA,
        users=pa.table({"user_id": pa.array([], pa.string())}),
        items=pa.table({"item_id": [f"item-{row}" for row in range(ITEMS)]}),
        events=pa.table(
            {
                "user_id": names,
                "item_id": [f"item-{row}" for row in items],
                "event_type": kinds,
                "at": pa.array(at, pa.float64()),
            }
        ),
        report=DataReport(rows_read={}, rows_kept={}),
        source="planted",
    )


def order_sets(plant: Plant) -> tuple[TrainingSet, TrainingSet, Array]:
    """All visits but the last of everybody, all visits, and which purchases of these are of the last visit."""
    dataset = order_dataset(plant)
    cut = (VISITS - 1) * DAY_S
    data = training_set(dataset, dataset.events.filter(pa.compute.less(dataset.events["at"], cut)))
    purchases = interactions_of(dataset.events, dataset.items, dataset.schema)
    size = len(purchases)
    nothing = replace(data.contexts, codes=np.zeros((size, 0), np.int32), values=np.zeros((size, 0), np.float32))
    whole = replace(data, interactions=purchases, contexts=nothing, user_rows=np.zeros(size, np.int64))
    return data, whole, np.flatnonzero(purchases.at >= cut)
