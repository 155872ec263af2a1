"""A shop of four tastes: what an item is about stands in its words and in its code, and never in its picture.

Item n is of taste n % 4. Everybody had three items of one taste in training and wants the ten others in the test time.
The item tower is a function that reads the words and nothing else, or the code and nothing else.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from winnow.data.dataset import Dataset
from winnow.data.report import DataReport
from winnow.data.split import TimeSplit
from winnow.engine.assembly import Assembly
from winnow.engine.content_encoders import ContentEncoders
from winnow.engine.engine import Engine
from winnow.engine.item_encoder import ItemEncoder
from winnow.engine.item_vectors import ItemVectors
from winnow.engine.stock import Stock
from winnow.features.feature_arrays import FeatureArrays
from winnow.features.fitted import FittedFeatures
from winnow.index.exact_index import ExactIndex
from winnow.pipeline.catalogue import Catalogue
from winnow.pipeline.pipeline_config import PipelineConfig
from winnow.pipeline.request_hydrators import UserHydrator
from winnow.schema.column import Array
from winnow.schema.feature import Entity, Feature, Kind
from winnow.schema.schema import Events, Schema
from winnow.schema.stable_hash import stable_hashes
from winnow.schema.transform import History
from winnow.stores.counted_types import counted_types
from winnow.stores.event import CODE_OF_TYPE
from winnow.stores.event_log import EventLog
from winnow.stores.memory_state import MemoryState
from winnow.stores.state_config import StateConfig
from winnow.stores.user_table import UserTable

TASTES, OF_TASTE, HAD, USERS = 4, 13, 3, 32
NUM_ITEMS = TASTES * OF_TASTE
NO_PICTURE = 12
ITEM_IDS = tuple(f"item-{row:02d}" for row in range(NUM_ITEMS))
SPLIT = TimeSplit(train_until=100.0, test_until=200.0)
SCHEMA = Schema(
    features=(
        Feature(name="history", entity=Entity.USER, kind=Kind.ID, transform=History(length=10, types=("click",))),
    ),
    events=Events(positives=("click",)),
)

Arrays = Mapping[str, Array]


@dataclass(frozen=True)
class FunctionModel:
    """Arrays in, arrays out, as an ONNX session would."""

    function: Callable[[Arrays], Arrays]
    inputs: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: {"request": (), "item": ITEM_INPUTS})

    def __call__(self, arrays: Arrays) -> Arrays:
        return self.function(arrays)

    def width(self, name: str) -> None:
        """No input has a width that matters."""


ITEM_INPUTS = ("item_codes", "item_vector_words", "item_vector_picture")
READS_WORDS = FunctionModel(lambda arrays: {"vector": arrays["item_vector_words"]})
READS_CODES = FunctionModel(lambda arrays: {"vector": np.eye(TASTES, dtype=np.float32)[arrays["item_codes"][:, 0]]})


def _pooled(arrays: Arrays) -> Arrays:
    present = arrays["history_present"][:, :, None]
    mean = (arrays["history_vectors"] * present).sum(axis=1) / np.maximum(present.sum(axis=1), 1)
    return {"query": mean, "history_vector": mean, "moment_vector": np.zeros_like(mean)}


def had(user: int) -> list[int]:
    """Rows of the items that a user had in training."""
    draw = np.random.default_rng(user)
    return sorted((user % TASTES + TASTES * draw.choice(OF_TASTE, HAD, replace=False)).tolist())


def wanted(user: int) -> list[int]:
    """Rows of the items that a user wants in the test time."""
    return [row for row in range(user % TASTES, NUM_ITEMS, TASTES) if row not in had(user)]


def content_dataset() -> Dataset:
    """Training at the times below 100, the test time above."""
    visits = [(user, row, 1.0) for user in range(USERS) for row in had(user)]
    visits += [(user, row, 101.0) for user in range(USERS) for row in wanted(user)]
    users, items, at = zip(*sorted(visits, key=lambda visit: visit[2]), strict=True)
    names = [f"user-{user:02d}" for user in users]
    return Dataset(
        schema=SCHEMA,
        users=pa.table({"user_id": sorted(set(names))}),
        items=pa.table({"item_id": list(ITEM_IDS)}),
        events=pa.table(
            {
                "user_id": names,
                "item_id": [ITEM_IDS[row] for row in items],
                "event_type": ["click"] * len(names),
                "at": pa.array(at, pa.float64()),
            }
        ),
        report=DataReport(rows_read={}, rows_kept={}),
        source="by hand",
    )


def content_engine(tower: FunctionModel) -> Engine:
    """Answers by the mean of the history's item vectors."""
    stock, assembly = _stock(tower), _assembly(tower)
    pipeline, retrieval = assembly.pipelines(stock)
    return Engine(
        name="content",
        digest="0",
        schema=SCHEMA,
        catalogue=stock.catalogue,
        pipeline=pipeline,
        retrieval=retrieval,
        state=MemoryState(StateConfig(length=10, counted=counted_types([]))),
        stock=stock,
        assembly=assembly,
    )


def _stock(tower: FunctionModel) -> Stock:
    tastes = np.arange(NUM_ITEMS) % TASTES
    picture = np.random.default_rng(0).normal(size=(NUM_ITEMS, 3)).astype(np.float32)
    picture[:NO_PICTURE] = 0
    vectors = {"words": np.eye(TASTES, dtype=np.float32)[tastes], "picture": picture}
    codes = tastes[:, None].astype(np.int32)
    inputs = {"item_codes": codes} | {f"item_vector_{name}": each for name, each in vectors.items()}
    catalogue = Catalogue(
        item_ids=ITEM_IDS,
        codes=codes,
        values=np.zeros((NUM_ITEMS, 0), np.float32),
        vectors=vectors,
        tower=tower(inputs)["vector"],
        cards=[{}] * NUM_ITEMS,
        allowed=np.ones(NUM_ITEMS, bool),
    )
    index = ExactIndex(vectors=catalogue.tower)
    return Stock(catalogue=catalogue, index=index, popularity=np.zeros(NUM_ITEMS, np.float32))


def _assembly(tower: FunctionModel) -> Assembly:
    nobody = FeatureArrays(codes=np.zeros((1, 0), np.int32), values=np.zeros((1, 0), np.float32), vectors={})
    fitted = FittedFeatures(entity=Entity.ITEM, features=())
    past = [(f"user-{user:02d}", row) for user in range(USERS) for row in had(user)]
    log = EventLog.of(
        user_ids=[user for user, _ in past],
        item_hashes=stable_hashes([ITEM_IDS[row] for _, row in past]),
        types=np.full(len(past), CODE_OF_TYPE["click"], np.int8),
        at=np.ones(len(past)),
    )
    return Assembly(
        schema=SCHEMA,
        config=PipelineConfig(),
        users=UserHydrator(store=UserTable(user_ids=(), codes=nobody.codes, values=nobody.values), unknown=nobody),
        context=FittedFeatures(entity=Entity.CONTEXT, features=()),
        state=log,
        query=FunctionModel(_pooled),
        ranker=None,
        encoder=ItemEncoder(
            schema=SCHEMA,
            fitted=fitted,
            contents=ContentEncoders(kinds={}, parts={}),
            vectors_of=ItemVectors(tower=tower),
        ),
    )
