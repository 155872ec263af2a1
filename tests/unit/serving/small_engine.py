"""A shop of eight items, small enough to know every answer by heart."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import cast

import numpy as np

from winnow.engine.assembly import Assembly
from winnow.engine.engine import Engine
from winnow.engine.item_categories import ItemCategories
from winnow.engine.onnx_model import OnnxModel
from winnow.engine.stock import Stock
from winnow.features.feature_arrays import FeatureArrays
from winnow.features.filter_values import FilterNumbers, FilterWords
from winnow.features.fitted import FittedFeature, FittedFeatures
from winnow.features.vocabulary_codes import VocabularyCodes
from winnow.index.exact_index import ExactIndex
from winnow.pipeline.candidates import Candidates
from winnow.pipeline.catalogue import Catalogue
from winnow.pipeline.filters import AllowedFilter, ExcludeFilter, SeenFilter, WantedFilter
from winnow.pipeline.pipeline import Pipeline, QuotaSource
from winnow.pipeline.pipeline_config import PipelineConfig
from winnow.pipeline.request_hydrators import UserHydrator
from winnow.pipeline.requests import Requests
from winnow.pipeline.selectors import ScoreSelector
from winnow.pipeline.sources.shared_source import SharedSource
from winnow.pipeline.stage import Stage, filter_stage, score_stage, skippable_stage
from winnow.pipeline.state_hydrator import StateHydrator
from winnow.schema.column import Array, Bools
from winnow.schema.errors import Unavailable
from winnow.schema.feature import Entity, Feature, Kind
from winnow.schema.schema import EventType, Schema
from winnow.schema.transform import FIRST_CODE, Vocabulary
from winnow.stores.counted_types import counted_types
from winnow.stores.counts import Counts
from winnow.stores.event import Event
from winnow.stores.event_log import EventLog
from winnow.stores.layered_state import LayeredState
from winnow.stores.memory_state import NO_EVENTS, MemoryState
from winnow.stores.neighbours import Neighbours
from winnow.stores.seen_layout import SeenConfig, seen_levels
from winnow.stores.state_config import HALF_LIFE_S, StateConfig
from winnow.stores.state_store import StateStore, UserStates
from winnow.stores.user_table import UserTable

ITEM_IDS = tuple(f"item-{number}" for number in range(8))
"""Most popular first; item-7 may not be recommended."""
CLICKS = counted_types([EventType.CLICK])
ALLOWED = ITEM_IDS[:7]


@dataclass(frozen=True)
class PopularityScorer:
    weights: Array

    def score(self, requests: Requests, candidates: Candidates) -> Array:
        return self.weights[candidates.item_rows]


class SilentState:
    """A store that does not answer."""

    def append(self, events: Sequence[Event]) -> int:
        raise Unavailable("The state store does not answer.")

    def read(self, user_ids: Sequence[str], before: Array, within_s: float = math.inf) -> UserStates:
        raise Unavailable("The state store does not answer.")

    def forget(self, user_id: str) -> int:
        raise Unavailable("The state store does not answer.")

    def reset(self, user_id: str) -> int:
        raise Unavailable("The state store does not answer.")

    def close_past(self, user_id: str) -> None:
        raise Unavailable("The state store does not answer.")

    def merge(self, source: str, target: str) -> int:
        raise Unavailable("The state store does not answer.")

    def demand(self, counted: Bools, now: float) -> tuple[Array, Array]:
        raise Unavailable("The state store does not answer.")


def memory_state() -> MemoryState:
    """An empty store; clicks count as having seen."""
    return MemoryState(StateConfig(length=50, counted=CLICKS))


def small_catalogue() -> Catalogue:
    size = len(ITEM_IDS)
    return Catalogue(
        item_ids=ITEM_IDS,
        codes=np.zeros((size, 0), np.int32),
        values=np.zeros((size, 0), np.float32),
        vectors={},
        tower=np.eye(size, dtype=np.float32),
        cards=[{"title": f"Item {row}", "price": row + 0.5, "rank": "a card column"} for row in range(size)],
        allowed=np.arange(size) < len(ALLOWED),
        filters={
            "colour": FilterWords(codes=np.arange(size, dtype=np.int32) % 2, words=("red", "blue")),
            "price": FilterNumbers(values=np.arange(size) + 0.5),
        },
    )


def small_engine(*, state: StateStore | None = None, ranking: tuple[Stage, ...] | None = None) -> Engine:
    """Popular items in order, without those that the user has clicked."""
    catalogue, state = small_catalogue(), state or memory_state()
    weights = np.arange(len(catalogue), 0, -1).astype(np.float32)
    popular = SharedSource(order=np.arange(len(catalogue)), weights=weights)
    seen = SeenFilter(catalogue=catalogue, counted=CLICKS, levels=seen_levels(SeenConfig()))
    pipeline = Pipeline(
        num_items=len(catalogue),
        request_stages=(skippable_stage("state", StateHydrator(store=state, catalogue=catalogue)),),
        sources=(QuotaSource(name="popular", source=popular, quota=4),),
        filters=(
            filter_stage("allowed", AllowedFilter(catalogue=catalogue)),
            filter_stage("wanted", WantedFilter()),
            filter_stage("exclude", ExcludeFilter(num_items=len(catalogue))),
            filter_stage("seen", seen, soft=True),
        ),
        fallback=popular,
        ranking=ranking or (score_stage("rank", PopularityScorer(weights)),),
        selector=ScoreSelector(),
    )
    device = Feature(name="device_type", entity=Entity.CONTEXT, kind=Kind.CATEGORY, transform=Vocabulary())
    return Engine(
        name="small-20261121-0001",
        digest="d" * 64,
        schema=Schema(features=(device,)),
        catalogue=catalogue,
        pipeline=pipeline,
        state=state,
    )


def bare_assembly(schema: Schema, state: StateStore) -> Assembly:
    """Knows no users, and has no models."""
    nobody = FeatureArrays(codes=np.zeros((1, 0), np.int32), values=np.zeros((1, 0), np.float32), vectors={})
    return Assembly(
        schema=schema,
        config=PipelineConfig(),
        users=UserHydrator(store=UserTable(user_ids=(), codes=nobody.codes, values=nobody.values), unknown=nobody),
        context=FittedFeatures(entity=Entity.CONTEXT, features=()),
        state=state,
        query=cast("OnnxModel", None),
        ranker=None,
        encoder=None,
    )


CATEGORIES = {"parity": ("even", "odd"), "colour": ("blue", "red")}
"""Item n is even or odd; the first four are blue, the others red. Item 7 alone is seven, and may not be shown."""


def counting_engine(*, trending: Array | None = None, until: float = 0.0) -> Engine:
    """The small engine with categories and counts; positives are clicks, and a half-life is a week."""
    size = len(ITEM_IDS)
    features = tuple(
        FittedFeature(name=name, column=name, transform=VocabularyCodes(known=(*known, "seven")))
        for name, known in CATEGORIES.items()
    )
    schema = Schema(
        features=tuple(
            Feature(name=name, entity=Entity.ITEM, kind=Kind.CATEGORY, transform=Vocabulary()) for name in CATEGORIES
        )
    )
    numbers = np.arange(size)
    codes = FIRST_CODE + np.stack([np.where(numbers == 7, 2, numbers % 2), numbers // 4], axis=1).astype(np.int32)
    catalogue = replace(small_catalogue(), codes=codes)
    counts = Counts(
        until=until,
        half_life_s=HALF_LIFE_S,
        trending=np.zeros(size, np.float32) if trending is None else trending,
        first_at=np.zeros(size),
        repeats=0.0,
        covisited=Neighbours(
            items=np.empty(0, np.int32), weights=np.empty(0, np.float32), offsets=np.zeros(size + 1, np.int64)
        ),
    )
    weights = np.arange(size, 0, -1).astype(np.float32)
    index = ExactIndex(vectors=catalogue.tower)
    stock = Stock(catalogue=catalogue, index=index, popularity=weights, counts=counts)
    state = LayeredState(base=EventLog.of([], *NO_EVENTS), live=memory_state())
    items = FittedFeatures(entity=Entity.ITEM, features=features)
    assembly = replace(bare_assembly(schema, state), categories=ItemCategories.of(schema, items))
    return replace(small_engine(), schema=schema, catalogue=catalogue, state=state, stock=stock, assembly=assembly)
