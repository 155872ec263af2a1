"""The request path of a bundle, put together for any stock of items."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from winnow.engine.click_knowledge import ClickKnowledge
from winnow.engine.item_categories import ItemCategories
from winnow.engine.item_encoder import ItemEncoder
from winnow.engine.opened_model import OpenedModel
from winnow.engine.reranking import late_selector_of, rescoring, selector_of
from winnow.engine.stock import Stock
from winnow.engine.stocked_sources import OF_OTHERS, counting, stocked_sources
from winnow.features.fitted import FittedFeatures
from winnow.features.window_feature import WindowFeature
from winnow.pipeline.catalogue import Catalogue
from winnow.pipeline.filters import SEEN_FILTER, AllowedFilter, ExcludeFilter, SeenFilter, WantedFilter
from winnow.pipeline.had_hydrator import HadHydrator
from winnow.pipeline.hydrators import ItemHydrator, MatchHydrator
from winnow.pipeline.pipeline import Pipeline
from winnow.pipeline.pipeline_config import PipelineConfig
from winnow.pipeline.request_hydrators import ContextHydrator, HistoryHydrator, QueryHydrator, UserHydrator
from winnow.pipeline.scorers import AffinityScorer, DlrmScorer
from winnow.pipeline.source_hydrator import SourceHydrator
from winnow.pipeline.sources.shared_source import SharedSource
from winnow.pipeline.stage import (
    RequestStage,
    Stage,
    filter_stage,
    hydrate_stage,
    request_stage,
    score_stage,
    skippable_stage,
)
from winnow.pipeline.state_hydrator import StateHydrator
from winnow.pipeline.window_hydrator import WindowHydrator
from winnow.schema.column import Array, Bools
from winnow.schema.schema import Schema
from winnow.stores.counted_types import counted_types
from winnow.stores.seen_layout import seen_levels
from winnow.stores.state_store import StateReader


@dataclass(frozen=True, slots=True, kw_only=True)
class Assembly:
    """All of a bundle that stays when items change.

    Attributes:
        schema: features and events.
        config: of the request path.
        users: known ones, and what stands for unknown ones.
        context: features of the request.
        state: what users did.
        query: the query tower.
        ranker: None where there is no ranker.
        repeats: share of the training events that repeat an item of the same user.
        categories: of the items.
        clicks: what is known of clicks; None where none were logged with what was shown.
        encoder: makes new items; None where the bundle lacks the parts `item` or `features_item`.
        windows: of the context, what is computed of the user's last events.
        retrieval_share: of the recipe's quotas, above 0 to 1; fewer candidates cost less and find less.
    """

    schema: Schema
    config: PipelineConfig
    users: UserHydrator
    context: FittedFeatures
    state: StateReader
    query: OpenedModel
    ranker: OpenedModel | None
    encoder: ItemEncoder | None
    clicks: ClickKnowledge | None = None
    repeats: float = 0.0
    categories: ItemCategories = field(default_factory=ItemCategories)
    windows: tuple[WindowFeature, ...] = ()
    retrieval_share: float = 1.0

    @property
    def ranked_by(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The columns of a request and of a candidate that the ranker reads; none where there is no ranker."""
        inputs = {} if self.ranker is None else self.ranker.inputs
        return inputs.get("request", ()), inputs.get("candidate", ())

    def heard(self, sources: Sequence[str]) -> list[str]:
        """Those of some sources of which the ranker is told what they say.

        What came of showing items, and what is like the user's own, a click model knows better.
        """
        return [each for each in sources if self.clicks is None or each in OF_OTHERS]

    def told(self, stock: Stock, rows: Array | None = None) -> Stock:
        """The same stock with what models say of some items, int64 rows, made anew; by default of all."""
        return stock if self.clicks is None else self.clicks.told(stock, rows)

    def pipelines(self, stock: Stock) -> tuple[Pipeline, Pipeline | None]:
        """The request path over these items, and where there is a ranker the same path in the order of retrieval."""
        catalogue, config = stock.catalogue, self.config
        quotas = config.retrieving(self.retrieval_share)
        sources = stocked_sources(stock, quotas, self.categories, repeats=self.repeats)
        knowing, known = ((), ()) if self.clicks is None else self.clicks.stages(stock, self._positives)
        hydration = (*self._hydration(stock, [each.name for each in sources]), *known)
        behind = rescoring(stock, config, self.clicks.further if self.clicks is not None and known else None)
        asked, affinity = self._request_stages(stock), AffinityScorer(tower=catalogue.tower)
        # The order of retrieval takes the vectors alone; the rest is what a ranker will be trained on.
        unread = not config.reranking.worth
        pipeline = Pipeline(
            num_items=len(catalogue),
            request_stages=(*asked, *(replace(each, unread=unread) for each in knowing)),
            sources=sources,
            filters=self._filters(catalogue),
            fallback=SharedSource.by_weight(stock.popular),
            ranking=(*(replace(each, unread=unread) for each in hydration), score_stage("rank", affinity), *behind),
            selector=selector_of(catalogue, config),
            late_selector=late_selector_of(catalogue, config),
        )
        if self.ranker is None:
            return pipeline, None
        ranking = (*hydration, _ranking(self.ranker, affinity), *behind)
        return replace(pipeline, request_stages=(*asked, *knowing), ranking=ranking), pipeline

    def _request_stages(self, stock: Stock) -> tuple[RequestStage, ...]:
        catalogue, history = stock.catalogue, self.schema.history
        recent = HistoryHydrator(length=history.length, counted=counted_types(history.types))
        had = HadHydrator(num_items=len(catalogue), counted=self._positives)
        dim = self.query.width("history_vectors") or catalogue.tower.shape[1]
        query = QueryHydrator(tower=self.query, dim=dim, catalogue=catalogue, inputs=self.query.inputs["request"])
        person = () if self.clicks is None else (self.clicks.person(stock, self._positives),)
        windows = WindowHydrator(windows=self.windows, catalogue=catalogue) if self.windows else None
        return (
            # First: who asked to be forgotten is nobody to the others.
            skippable_stage("state", StateHydrator(store=self.state, catalogue=catalogue)),
            skippable_stage("user", self.users),
            request_stage("context", ContextHydrator(fitted=self.context, windows=windows)),
            request_stage("history", recent),
            request_stage("had", had),
            *person,
            request_stage("query", query),
        )

    @property
    def _positives(self) -> Bools:
        return counted_types(self.schema.events.positives)

    def _hydration(self, stock: Stock, sources: Sequence[str]) -> tuple[Stage, ...]:
        said = SourceHydrator.of(sources, len(stock.catalogue), counting(stock), self.heard(sources))
        read = self.ranked_by[1] if self.clicks is None else None  # what is liked depends on all of an item
        return (
            hydrate_stage("items", ItemHydrator.of(stock.catalogue, read)),
            hydrate_stage("match", MatchHydrator(num_items=len(stock.catalogue))),
            hydrate_stage("sources", said),
        )

    def _filters(self, catalogue: Catalogue) -> tuple[Stage, ...]:
        seen = SeenFilter(
            catalogue=catalogue,
            counted=self.config.had_types(self.schema.events.positives),
            levels=seen_levels(self.config.seen),
            impressions=self.config.seen_impressions,
        )
        return (
            filter_stage("allowed", AllowedFilter(catalogue=catalogue)),
            filter_stage("wanted", WantedFilter()),
            filter_stage("exclude", ExcludeFilter(num_items=len(catalogue))),
            filter_stage(SEEN_FILTER, seen, soft=True),
        )


def _ranking(model: OpenedModel, affinity: AffinityScorer) -> Stage:
    scorer = DlrmScorer(model=model, request_inputs=model.inputs["request"], candidate_inputs=model.inputs["candidate"])
    # In time or not, there is an order: that of retrieval.
    return score_stage("rank", scorer, late=affinity)
