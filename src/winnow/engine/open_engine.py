"""Opens a bundle into a running Engine."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import numpy as np

from winnow.bundle.bundle import Bundle
from winnow.bundle.manifest import Manifest
from winnow.data.positive_outcomes import further_outcomes
from winnow.engine.assembly import Assembly
from winnow.engine.canary_set import PART as CANARY
from winnow.engine.canary_set import CanarySet
from winnow.engine.click_knowledge import ClickKnowledge
from winnow.engine.content_encoders import PART_OF_KIND, ContentEncoders
from winnow.engine.engine import Engine
from winnow.engine.item_categories import ItemCategories
from winnow.engine.item_encoder import ItemEncoder
from winnow.engine.item_vectors import ItemVectors
from winnow.engine.onnx_model import OnnxModel
from winnow.engine.open_outside import OpenUsers
from winnow.engine.opened_model import OpenedModel, OpenModel
from winnow.engine.outside_users import OutsideUsers
from winnow.engine.stock import Stock
from winnow.engine.trained_users import TrainedUsers
from winnow.features.saved_features import load_fitted
from winnow.features.window_feature import WindowFeature, window_features
from winnow.index.index_config import IndexConfig
from winnow.index.open_index import open_index
from winnow.pipeline.catalogue import Catalogue
from winnow.pipeline.catalogue_files import open_catalogue
from winnow.pipeline.click_hydrators import CHANCES, CLICKS
from winnow.pipeline.person_hydrator import MOST_CHOICES
from winnow.pipeline.pipeline_config import PipelineConfig
from winnow.pipeline.request_hydrators import UserHydrator
from winnow.pipeline.source_hydrator import FIGURES, SOURCE_FEATURES
from winnow.schema.column import Array
from winnow.schema.errors import BundleError
from winnow.schema.feature import Entity
from winnow.schema.schema import Schema
from winnow.stores.counts import Counts
from winnow.stores.event_log import EventLog
from winnow.stores.feature_store import UserFeatures
from winnow.stores.layered_state import LayeredState
from winnow.stores.memory_state import MemoryState
from winnow.stores.neighbours import Neighbours
from winnow.stores.raw_users import RawUsers
from winnow.stores.showings import Showings
from winnow.stores.shown_figures import ShownFigures
from winnow.stores.state_config import HALF_LIFE_S, StateConfig
from winnow.stores.state_store import StateReader, StateStore
from winnow.stores.user_table import UserTable

POPULARITY_FILE = "weights.npy"


def open_engine(
    path: Path,
    open_live: Callable[[StateConfig], StateStore] = MemoryState,
    open_users: OpenUsers | None = None,
    retrieval_share: float = 1.0,
    open_model: OpenModel = OnnxModel.open,
) -> Engine:
    """Verifies a bundle and sets up its request path.

    Args:
        path: of the bundle.
        open_live: the store where new events go, which may outlive the bundle; a new one in memory by default.
        open_users: what somebody outside says of users, which comes before what the bundle knows; by default nobody.
        retrieval_share: of the recipe's quotas, above 0 to 1, that the sources propose.
        open_model: opens the networks; training asks its own before they are translated.

    Raises:
        BundleError: the bundle is damaged, mixed, newer than this program, or lacks a part that retrieval needs.
        RecipeError: its recipe asks for a request path that this program does not know.
    """
    bundle = Bundle.open(path)
    stock = _stock(bundle)
    config, clicks = PipelineConfig.from_dict(bundle.manifest.recipe["pipeline"]), _clicks(bundle, open_model)
    live = open_live(_state_config(bundle.schema, config, clicks, stock.counts))
    users = _users(bundle, clicks)
    state = LayeredState(base=users.past, live=live)
    outside = None if open_users is None else open_users(bundle.schema.of(Entity.USER))
    hydrator = _hydrator(bundle, users, outside)
    assembly = _assembly(bundle, config, state, hydrator, clicks, open_model)
    repeats = 0.0 if stock.counts is None else stock.counts.repeats
    assembly = replace(assembly, repeats=repeats, retrieval_share=retrieval_share)
    stock = assembly.told(stock)
    _check_vectors(bundle, assembly, stock.catalogue)
    pipeline, retrieval = assembly.pipelines(stock)
    heard = assembly.heard([each.name for each in pipeline.sources])
    _check_clicks(bundle, assembly, stock.shown)
    _check_sources(bundle, assembly.ranker, heard)
    return Engine(
        name=bundle.manifest.name,
        digest=bundle.manifest.digest,
        schema=bundle.schema,
        catalogue=stock.catalogue,
        pipeline=pipeline,
        retrieval=retrieval,
        state=state,
        seen_types=config.seen_types,
        stock=stock,
        assembly=assembly,
        users=users,
        canaries=CanarySet.load(bundle.part(CANARY)) if bundle.has(CANARY) else None,
        trained_until=_trained_until(bundle.manifest),
        outside=outside,
        bundle=bundle,
    )


def _trained_until(manifest: Manifest) -> float:
    # Data may tell of days to come, as simulated shops do; a bundle knows of nothing that came after it was made.
    made_at = datetime.fromisoformat(manifest.created_at).timestamp()
    return min(float(manifest.split.get("train_until", 0.0)), made_at)


def _state_config(
    schema: Schema, config: PipelineConfig, clicks: ClickKnowledge | None, counts: Counts | None
) -> StateConfig:
    """Room for what the stages read."""
    read = 0 if clicks is None else max(MOST_CHOICES, clicks.history)
    return StateConfig(
        length=max(schema.history.length, read, *(each.last_events for each in schema.windows.values())),
        counted=config.had_types(schema.events.positives),
        seen=config.seen,
        half_life_s=HALF_LIFE_S if counts is None else counts.half_life_s,
    )


def _users(bundle: Bundle, clicks: ClickKnowledge | None) -> TrainedUsers:
    return TrainedUsers(
        past=EventLog.load(bundle.part("events")),
        table=UserTable.load(bundle.part("users")),
        fitted=load_fitted(bundle.part("features_user")),
        learned=() if clicks is None else (clicks.users,),
    )


def _hydrator(bundle: Bundle, users: TrainedUsers, outside: RawUsers | None) -> UserHydrator:
    store: UserFeatures = users.table
    if outside is not None:
        schema = bundle.schema.of(Entity.USER)
        store = OutsideUsers(store=outside, schema=schema, fitted=users.fitted, known=users.table)
    return UserHydrator(store=store, unknown=users.fitted.missing())


def _assembly(
    bundle: Bundle,
    config: PipelineConfig,
    state: StateReader,
    users: UserHydrator,
    clicks: ClickKnowledge | None,
    open_model: OpenModel,
) -> Assembly:
    return Assembly(
        schema=bundle.schema,
        config=config,
        users=users,
        context=load_fitted(bundle.part("features_context")),
        state=state,
        query=open_model(bundle.part("query")),
        ranker=open_model(bundle.part("ranker")) if bundle.has("ranker") else None,
        encoder=_encoder(bundle, open_model, clicks),
        clicks=clicks,
        categories=_categories(bundle),
        windows=_windows(bundle),
    )


def _check_vectors(bundle: Bundle, assembly: Assembly, catalogue: Catalogue) -> None:
    width, dim = catalogue.tower.shape[1], assembly.query.width("history_vectors") or 0
    person = 0 if assembly.clicks is None else assembly.clicks.likings.leading
    if width != dim + person:
        raise BundleError(
            f"The items of the bundle {bundle.path} have vectors of {width} numbers, and it looks for {dim + person}, "
            f"{dim} by its query tower and {person} by its part '{CLICKS}': parts of two bundles were mixed. Use a "
            "bundle as it was written."
        )


def _check_sources(bundle: Bundle, ranker: OpenedModel | None, sources: Sequence[str]) -> None:
    wanted = None if ranker is None else ranker.width(SOURCE_FEATURES)
    if wanted is not None and wanted != FIGURES * len(sources):
        learned = wanted // FIGURES
        raise BundleError(
            f"The ranker of the bundle {bundle.path} has learned from {learned} sources, and its other parts feed "
            f"{len(sources)} ({', '.join(sources)}). Train it again, or open a bundle as it was written."
        )


def _check_clicks(bundle: Bundle, assembly: Assembly, shown: ShownFigures | None) -> None:
    ranker, clicks = assembly.ranker, assembly.clicks
    wanted = None if ranker is None else ranker.width(CLICKS)
    fed = 0 if shown is None or clicks is None else CHANCES + shown.width + clicks.likings.width
    if wanted is not None and wanted != fed:
        raise BundleError(
            f"The ranker of the bundle {bundle.path} has learned from {wanted} figures of clicks, and its part "
            f"'{CLICKS}' feeds {fed}. Train it again, or open a bundle as it was written."
        )


def _clicks(bundle: Bundle, open_model: OpenModel) -> ClickKnowledge | None:
    if not bundle.has(CLICKS):
        return None
    config = bundle.manifest.recipe.get("clicks")
    if config is None:
        raise BundleError(
            f"The bundle {bundle.path} has a part '{CLICKS}', and its recipe says nothing of clicks: parts of two "
            "bundles were mixed. Use a bundle as it was written."
        )
    history, further = config["sizes"]["history"], further_outcomes(bundle.schema)
    return ClickKnowledge.open(bundle.part(CLICKS), history, further, open_model)


def _categories(bundle: Bundle) -> ItemCategories:
    if not bundle.has("features_item"):
        return ItemCategories()
    return ItemCategories.of(bundle.schema, load_fitted(bundle.part("features_item")))


def _windows(bundle: Bundle) -> tuple[WindowFeature, ...]:
    if not bundle.schema.windows:
        return ()
    return window_features(bundle.schema, load_fitted(bundle.part("features_item")))


def _encoder(bundle: Bundle, open_model: OpenModel, clicks: ClickKnowledge | None) -> ItemEncoder | None:
    if not (bundle.has("item") and bundle.has("features_item")):
        return None
    return ItemEncoder(
        schema=bundle.schema,
        fitted=load_fitted(bundle.part("features_item")),
        contents=ContentEncoders(
            kinds={each.name: each.kind for each in bundle.schema.of(Entity.ITEM)},
            parts={kind: bundle.part(name) for kind, name in PART_OF_KIND.items() if bundle.has(name)},
        ),
        vectors_of=ItemVectors(tower=open_model(bundle.part("item")), said=clicks and clicks.said),
    )


def _stock(bundle: Bundle) -> Stock:
    catalogue = open_catalogue(bundle.part("catalogue"))
    floor = IndexConfig.from_dict(bundle.manifest.recipe.get("index", {})).recall_floor
    index = open_index(bundle.part("index"), catalogue.tower, floor)
    size = len(catalogue)
    counts = Counts.load(bundle.part("counts"), size) if bundle.has("counts") else None
    similar = Neighbours.load(bundle.part("similar"), size) if bundle.has("similar") else None
    return Stock(
        catalogue=catalogue,
        index=index,
        popularity=_popularity(bundle, size),
        counts=counts,
        similar=similar,
        shown=Showings.load(bundle.part(CLICKS), size).figured() if bundle.has(CLICKS) else None,
    )


def _popularity(bundle: Bundle, num_items: int) -> Array:
    weights = np.load(bundle.part("popularity") / POPULARITY_FILE, allow_pickle=False)
    if weights.shape != (num_items,):
        raise BundleError(
            f"The part 'popularity' of the bundle {bundle.path} has the shape {list(weights.shape)}; the catalogue has "
            f"{num_items} items. Parts of two bundles were mixed; use a bundle as it was written."
        )
    return weights
