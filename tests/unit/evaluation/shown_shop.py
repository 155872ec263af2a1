"""A small shop at random that logs what it shows, and the judgements of models that guess."""

from dataclasses import replace

import numpy as np
import pyarrow as pa

from winnow.data.dataset import Dataset
from winnow.data.report import DataReport
from winnow.data.split import TimeSplit
from winnow.evaluation.held_impressions import HeldImpressions, held_impressions
from winnow.evaluation.judgement import Judgement
from winnow.schema.feature import Entity, Feature, Kind
from winnow.schema.schema import Events, Impressions, Schema
from winnow.schema.transform import Vocabulary

CUT, END, ITEMS = 40_000.0, 80_000.0, 9
VISITORS = ("u0", "u1", "u2", "u3", "session:7", "session:8")
DEVICES = ("mobile", "desktop", None)
SPLIT = TimeSplit(train_until=CUT, test_until=END)
SCHEMA = Schema(
    features=(Feature(name="device", entity=Entity.CONTEXT, kind=Kind.CATEGORY, transform=Vocabulary()),),
    events=Events(positives=("click",)),
    impressions=Impressions(position="position"),
)


def shown_shop(seed: int, size: int = 400, positions: int = 4) -> Dataset:
    """Impressions at few instants, so that equal ones meet; what was clicked is also an event, a second later."""
    draw = np.random.default_rng(seed)
    at = np.sort(draw.integers(0, 800, size) * 100.0)
    columns = {
        "user_id": pa.array(draw.choice(VISITORS, size).tolist()),
        "item_id": pa.array([f"i{row}" for row in draw.integers(0, ITEMS, size)]),
        "at": pa.array(at),
        "device": pa.array([DEVICES[place] for place in draw.choice(3, size, p=[0.6, 0.3, 0.1])], pa.string()),
    }
    outcome = [("click", "purchase", "view", None)[place] for place in draw.choice(4, size, p=[0.2, 0.1, 0.1, 0.6])]
    known = draw.integers(0, positions + 1, size).astype(float)
    impressions = pa.table(
        {**columns, "outcome": pa.array(outcome, pa.string()), "position": pa.array(known, mask=known == 0)}
    )
    clicked = pa.array([each in ("click", "purchase") for each in outcome])
    events = pa.table({**columns, "event_type": pa.array(["click"] * size)}).filter(clicked)
    events = events.set_column(events.column_names.index("at"), "at", pa.array(events["at"].to_numpy() + 1.0))
    return Dataset(
        schema=SCHEMA,
        users=pa.table({"user_id": list(VISITORS[:4])}),
        items=pa.table({"item_id": [f"i{row}" for row in range(ITEMS)]}),
        events=events,
        report=DataReport(rows_read={}, rows_kept={}),
        source="by chance",
        impressions=impressions,
    )


def with_devices(dataset: Dataset, devices: list[str | None]) -> Dataset:
    assert dataset.impressions is not None
    place = dataset.impressions.column_names.index("device")
    return replace(dataset, impressions=dataset.impressions.set_column(place, "device", pa.array(devices, pa.string())))


def held_in(dataset: Dataset) -> HeldImpressions:
    held = held_impressions(dataset, SPLIT)
    assert held is not None
    return held


def guessing(held: HeldImpressions, seed: int = 0) -> Judgement:
    """Somebody who knows a little."""
    draw = np.random.default_rng(seed)
    scores = held.clicked * 0.7 + draw.normal(-1, 1, len(held))
    return Judgement(scores=scores, chances=1 / (1 + np.exp(-scores)))
