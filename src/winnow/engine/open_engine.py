"""Opens a bundle into a running Engine."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from winnow.bundle.bundle import Bundle
from winnow.engine.engine import Engine
from winnow.engine.onnx_model import OnnxModel
from winnow.features.saved_features import load_fitted
from winnow.index.open_index import open_index
from winnow.pipeline.catalogue import Catalogue
from winnow.pipeline.catalogue_files import open_catalogue
from winnow.pipeline.filters import SEEN_FILTER, AllowedFilter, ExcludeFilter, SeenFilter
from winnow.pipeline.hydrators import ItemHydrator, MatchHydrator
from winnow.pipeline.pipeline import Pipeline, QuotaSource
from winnow.pipeline.pipeline_config import PipelineConfig
from winnow.pipeline.request_hydrators import ContextHydrator, HistoryHydrator, QueryHydrator, UserHydrator
from winnow.pipeline.scorers import AffinityScorer, DlrmScorer
from winnow.pipeline.selectors import GumbelSelector, ScoreSelector
from winnow.pipeline.sources import AnnSource, PopularSource
from winnow.pipeline.stage import (
    RequestStage,
    Stage,
    filter_stage,
    hydrate_stage,
    request_stage,
    score_stage,
    skippable_stage,
)
from winnow.schema.errors import BundleError
from winnow.stores.event_log import EventLog
from winnow.stores.exact_seen import ExactSeen
from winnow.stores.histories import counted_types
from winnow.stores.layered_events import LayeredEvents
from winnow.stores.memory_events import MemoryEvents
from winnow.stores.user_table import UserTable

POPULARITY_FILE = "weights.npy"


def open_engine(path: Path, live: MemoryEvents | None = None) -> Engine:
    """Verifies a bundle and sets up its request path.

    Args:
        path: of the bundle.
        live: where new events go and outlive the bundle; a new, empty store by default.

    Raises:
        BundleError: the bundle is damaged, mixed, newer than this program, or lacks a part that retrieval needs.
        RecipeError: its recipe asks for a request path that this program does not know.
    """
    bundle = Bundle.open(path)
    config = PipelineConfig.from_dict(bundle.manifest.recipe["pipeline"])
    catalogue = open_catalogue(bundle.part("catalogue"))
    events = LayeredEvents(
        base=EventLog.load(bundle.part("events")), live=live or MemoryEvents(bundle.schema.history.length)
    )
    popular = _popular(bundle, len(catalogue))
    index = open_index(bundle.part("index"), catalogue.tower)
    pipeline = Pipeline(
        num_items=len(catalogue),
        request_stages=_request_stages(bundle, catalogue, events),
        sources=(
            QuotaSource(name="ann", source=AnnSource(index=index, catalogue=catalogue), quota=config.ann_quota),
            QuotaSource(name="popular", source=popular, quota=config.popular_quota),
        ),
        filters=_filters(bundle, catalogue, events, config),
        fallback=popular,
        ranking=_retrieval_order(catalogue),
        selector=ScoreSelector() if config.select == "score" else GumbelSelector(temperature=config.temperature),
    )
    ranked = replace(pipeline, ranking=_ranking(bundle, catalogue)) if bundle.has("ranker") else None
    return Engine(
        name=bundle.manifest.name,
        digest=bundle.manifest.digest,
        schema=bundle.schema,
        catalogue=catalogue,
        pipeline=ranked or pipeline,
        retrieval=pipeline if ranked else None,
        events=events,
        seen_types=config.seen_types,
    )


def _popular(bundle: Bundle, num_items: int) -> PopularSource:
    weights = np.load(bundle.part("popularity") / POPULARITY_FILE, allow_pickle=False)
    if weights.shape != (num_items,):
        raise BundleError(
            f"The part 'popularity' of the bundle {bundle.path} has the shape {list(weights.shape)}; the catalogue has "
            f"{num_items} items. Parts of two bundles were mixed; use a bundle as it was written."
        )
    return PopularSource(order=np.argsort(-weights, kind="stable"), weights=weights)


def _request_stages(bundle: Bundle, catalogue: Catalogue, events: LayeredEvents) -> tuple[RequestStage, ...]:
    history = bundle.schema.history
    tower = OnnxModel.open(bundle.part("query"))
    user = UserHydrator(
        store=UserTable.load(bundle.part("users")), unknown=load_fitted(bundle.part("features_user")).missing()
    )
    context = ContextHydrator(fitted=load_fitted(bundle.part("features_context")))
    recent = HistoryHydrator(
        store=events, catalogue=catalogue, length=history.length, counted=counted_types(history.types)
    )
    query = QueryHydrator(tower=tower, catalogue=catalogue, inputs=tower.inputs["request"])
    return (
        skippable_stage("user", user),
        request_stage("context", context),
        skippable_stage("history", recent),
        request_stage("query", query),
    )


def _filters(bundle: Bundle, catalogue: Catalogue, events: LayeredEvents, config: PipelineConfig) -> tuple[Stage, ...]:
    types = {*config.seen_types, *bundle.schema.events.positives}
    seen = ExactSeen(histories=events, counted=counted_types(types))
    return (
        filter_stage("allowed", AllowedFilter(catalogue=catalogue)),
        filter_stage("exclude", ExcludeFilter(num_items=len(catalogue))),
        filter_stage(SEEN_FILTER, SeenFilter(store=seen, catalogue=catalogue), on_fault="skip", soft=True),
    )


def _hydration(catalogue: Catalogue) -> tuple[Stage, ...]:
    """The match with the history is hydrated without a ranker too: it is what a ranker will be trained on."""
    return (
        hydrate_stage("items", ItemHydrator(catalogue=catalogue)),
        hydrate_stage("match", MatchHydrator()),
    )


def _retrieval_order(catalogue: Catalogue) -> tuple[Stage, ...]:
    return *_hydration(catalogue), score_stage("rank", AffinityScorer())


def _ranking(bundle: Bundle, catalogue: Catalogue) -> tuple[Stage, ...]:
    model = OnnxModel.open(bundle.part("ranker"))
    scorer = DlrmScorer(model=model, request_inputs=model.inputs["request"], candidate_inputs=model.inputs["candidate"])
    return *_hydration(catalogue), score_stage("rank", scorer)
