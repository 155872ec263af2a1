"""A shop of eighty items and four users, small enough to work out every figure by hand.

The pipeline proposes items 1 to 60 to everybody and ranks lower rows first. What users had in training, and what they
view in the test time (item rows):

    user  training    test         kept wants   masked wants
    ann   2 2 5       2 12 12 65   2 12 65      12 65
    bob   2 3         3            3            (nothing: left out)
    cy    (cold)      10 25        10 25        10 25
    dot   5           (nothing)

Training knows the items 2, 3 and 5 and no other: what ann and cy want besides is new.
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pytest

from winnow.data.dataset import Dataset
from winnow.data.report import DataReport
from winnow.data.split import TimeSplit
from winnow.engine.engine import Engine
from winnow.pipeline.candidates import Candidates
from winnow.pipeline.catalogue import Catalogue
from winnow.pipeline.pipeline import Pipeline, QuotaSource
from winnow.pipeline.requests import Requests
from winnow.pipeline.selectors import ScoreSelector
from winnow.pipeline.stage import filter_stage, score_stage
from winnow.schema.column import Array, Bools
from winnow.schema.feature import Entity, Feature, Kind
from winnow.schema.schema import Events, Schema
from winnow.schema.transform import Vocabulary
from winnow.stores.counted_types import counted_types
from winnow.stores.memory_state import MemoryState
from winnow.stores.state_config import StateConfig

NUM_ITEMS = 80
ITEM_IDS = tuple(f"item-{row:02d}" for row in range(NUM_ITEMS))
DAY = 86_400.0
SEEN = {"ann": (2, 5), "bob": (2, 3), "cy": ()}

Visit = tuple[str, int, str, float, str | None]

TRAINING: list[Visit] = [
    ("dot", 5, "view", 1 * DAY, "web"),
    ("ann", 2, "view", 2 * DAY, "web"),
    ("ann", 2, "view", 3 * DAY, "web"),
    ("bob", 2, "view", 4 * DAY, "web"),
    ("bob", 3, "view", 9 * DAY, "app"),
    ("ann", 5, "view", 9.5 * DAY, "app"),
]
TEST: list[Visit] = [
    ("ann", 30, "cart", 10.5 * DAY, "web"),
    ("ann", 2, "view", 11 * DAY, "app"),
    ("bob", 3, "view", 12 * DAY, None),
    ("cy", 10, "view", 13 * DAY, "web"),
    ("ann", 12, "view", 13.5 * DAY, "web"),
    ("ann", 12, "view", 14 * DAY, "web"),
    ("cy", 25, "view", 14 * DAY, "app"),
    ("ann", 65, "view", 15 * DAY, "web"),
]
LATER: list[Visit] = [("dot", 1, "view", 31 * DAY, "web")]


def make_dataset(visits: list[Visit]) -> Dataset:
    user, item, kind, at, device = zip(*visits, strict=True)
    schema = Schema(
        features=(Feature(name="device", entity=Entity.CONTEXT, kind=Kind.CATEGORY, transform=Vocabulary()),),
        events=Events(positives=("view",)),
    )
    return Dataset(
        schema=schema,
        users=pa.table({"user_id": ["ann", "bob", "cy", "dot"]}),
        items=pa.table({"item_id": list(ITEM_IDS)}),
        events=pa.table(
            {
                "user_id": pa.array(user),
                "item_id": pa.array([ITEM_IDS[row] for row in item]),
                "event_type": pa.array(kind),
                "at": pa.array(at, pa.float64()),
                "device": pa.array(device, pa.string()),
            }
        ),
        report=DataReport(rows_read={}, rows_kept={}),
        source="by hand",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class FixedSource:
    rows: Array

    def retrieve(self, requests: Requests, k: int) -> Candidates:
        first = self.rows[:k]
        return Candidates(
            item_rows=np.tile(first, len(requests)),
            offsets=np.arange(len(requests) + 1) * len(first),
            columns={"score": np.zeros(len(requests) * len(first), np.float32)},
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class HadFilter:
    def keep(self, requests: Requests, candidates: Candidates) -> Bools:
        users = [requests.user_ids[request] for request in candidates.request_of()]
        return np.array([row not in SEEN[user] for user, row in zip(users, candidates.item_rows, strict=True)], bool)


@dataclass(frozen=True, slots=True, kw_only=True)
class LowRowsFirst:
    def score(self, requests: Requests, candidates: Candidates) -> Array:
        return -candidates.item_rows.astype(np.float32)


@pytest.fixture
def dataset() -> Dataset:
    return make_dataset(TRAINING + TEST + LATER)


@pytest.fixture
def leaky_dataset() -> Dataset:
    """The same training time, and a craze for item 39 in the test time."""
    return make_dataset(TRAINING + TEST + [("dot", 39, "view", 16 * DAY, "web")] * 100 + LATER)


@pytest.fixture
def split() -> TimeSplit:
    return TimeSplit(train_until=10 * DAY, test_until=30 * DAY)


@pytest.fixture
def catalogue() -> Catalogue:
    zeros = np.zeros((NUM_ITEMS, 1), np.float32)
    return Catalogue(
        item_ids=ITEM_IDS,
        codes=zeros.astype(np.int32),
        values=zeros,
        vectors={},
        tower=zeros,
        cards=[{}] * NUM_ITEMS,
        allowed=np.ones(NUM_ITEMS, bool),
    )


@pytest.fixture
def engine(catalogue: Catalogue, dataset: Dataset) -> Engine:
    pipeline = Pipeline(
        num_items=NUM_ITEMS,
        request_stages=(),
        sources=(QuotaSource(name="fixed", source=FixedSource(rows=np.arange(1, 61)), quota=60),),
        filters=(filter_stage("seen", HadFilter(), soft=True),),
        fallback=FixedSource(rows=np.arange(NUM_ITEMS)),
        ranking=(score_stage("rank", LowRowsFirst()),),
        selector=ScoreSelector(),
    )
    return Engine(
        name="by-hand",
        digest="0",
        schema=dataset.schema,
        catalogue=catalogue,
        pipeline=pipeline,
        state=MemoryState(StateConfig(length=50, counted=counted_types([]))),
    )
