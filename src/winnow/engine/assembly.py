"""The request path of a bundle, put together for any stock of items."""

from dataclasses import dataclass, replace

import numpy as np

from winnow.engine.item_encoder import ItemEncoder
from winnow.engine.onnx_model import OnnxModel
from winnow.engine.stock import Stock
from winnow.features.fitted import FittedFeatures
from winnow.pipeline.catalogue import Catalogue
from winnow.pipeline.filters import SEEN_FILTER, AllowedFilter, ExcludeFilter, SeenFilter, WantedFilter
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
from winnow.schema.schema import Schema
from winnow.stores.exact_seen import ExactSeen
from winnow.stores.histories import counted_types
from winnow.stores.layered_events import LayeredEvents


@dataclass(frozen=True, slots=True, kw_only=True)
class Assembly:
    """All of a bundle that stays when items change.

    Attributes:
        schema: features and events.
        config: of the request path.
        users: known ones, and what stands for unknown ones.
        context: features of the request.
        events: histories.
        query: the query tower.
        ranker: None where there is no ranker.
        encoder: makes new items; None where the bundle lacks the parts `item` or `features_item`.
    """

    schema: Schema
    config: PipelineConfig
    users: UserHydrator
    context: FittedFeatures
    events: LayeredEvents
    query: OnnxModel
    ranker: OnnxModel | None
    encoder: ItemEncoder | None

    def pipelines(self, stock: Stock) -> tuple[Pipeline, Pipeline | None]:
        """The request path over these items, and where there is a ranker the same path in the order of retrieval."""
        catalogue, config = stock.catalogue, self.config
        weights = stock.popularity
        popular = PopularSource(order=np.argsort(-weights, kind="stable"), weights=weights)
        ann = AnnSource(index=stock.index, catalogue=catalogue)
        pipeline = Pipeline(
            num_items=len(catalogue),
            request_stages=self._request_stages(catalogue),
            sources=(
                QuotaSource(name="ann", source=ann, quota=config.ann_quota),
                QuotaSource(name="popular", source=popular, quota=config.popular_quota),
            ),
            filters=self._filters(catalogue),
            fallback=popular,
            ranking=_retrieval_order(catalogue),
            selector=ScoreSelector() if config.select == "score" else GumbelSelector(temperature=config.temperature),
        )
        if self.ranker is None:
            return pipeline, None
        return replace(pipeline, ranking=_ranking(self.ranker, catalogue)), pipeline

    def _request_stages(self, catalogue: Catalogue) -> tuple[RequestStage, ...]:
        history = self.schema.history
        recent = HistoryHydrator(
            store=self.events, catalogue=catalogue, length=history.length, counted=counted_types(history.types)
        )
        query = QueryHydrator(tower=self.query, catalogue=catalogue, inputs=self.query.inputs["request"])
        return (
            skippable_stage("user", self.users),
            request_stage("context", ContextHydrator(fitted=self.context)),
            skippable_stage("history", recent),
            request_stage("query", query),
        )

    def _filters(self, catalogue: Catalogue) -> tuple[Stage, ...]:
        types = {*self.config.seen_types, *self.schema.events.positives}
        seen = ExactSeen(histories=self.events, counted=counted_types(types))
        return (
            filter_stage("allowed", AllowedFilter(catalogue=catalogue)),
            filter_stage("wanted", WantedFilter()),
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


def _ranking(model: OnnxModel, catalogue: Catalogue) -> tuple[Stage, ...]:
    scorer = DlrmScorer(model=model, request_inputs=model.inputs["request"], candidate_inputs=model.inputs["candidate"])
    return *_hydration(catalogue), score_stage("rank", scorer)
