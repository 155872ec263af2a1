"""The parts of a bundle, written from what training holds."""

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import torch

from winnow.bundle.writer import BundleWriter
from winnow.data.arrow_compute import pc
from winnow.data.dataset import Dataset
from winnow.engine.content_encoders import PART_OF_KIND
from winnow.engine.open_engine import POPULARITY_FILE
from winnow.features.columns import columns_of
from winnow.features.filter_values import FilterValues, filter_values
from winnow.features.saved_features import save_fitted
from winnow.index.build_index import build_index
from winnow.index.index_card import IndexCard
from winnow.index.index_config import IndexConfig
from winnow.ops.index_queries import index_queries
from winnow.pipeline.catalogue import Catalogue
from winnow.pipeline.catalogue_files import save_catalogue
from winnow.pipeline.content_neighbours import content_neighbours
from winnow.schema.column import Array, Bools
from winnow.schema.feature import Entity
from winnow.stores.user_table import UserTable
from winnow.training.contents import Contents
from winnow.training.counting import CountingConfig, counts_of, popularity
from winnow.training.export import Export, export_model, exported_item, exported_query, exported_ranker
from winnow.training.logged_events import event_log
from winnow.training.progress import Progress, counted
from winnow.training.ranking import Ranker
from winnow.training.ranking_rows import RankingRows
from winnow.training.retrieval import Towers, item_vectors
from winnow.training.tastes import Tastes
from winnow.training.training_set import TrainingSet, without_empty


def write_tower_parts(
    writer: BundleWriter, data: TrainingSet, towers: Towers, progress: Progress, export: Export
) -> None:
    """The parts `query` and `item`."""
    advance, sample = counted(progress, "Writing towers", 20), np.zeros(2, np.int64)
    query = exported_query(towers.query, tensors(data.request_arrays(sample[:1])), towers.item.dim)
    export(query, writer.part("query"), advance)
    export(exported_item(towers.item, tensors(data.item_arrays(sample))), writer.part("item"), advance)


def write_retrieval_parts(
    writer: BundleWriter, dataset: Dataset, events: pa.Table, data: TrainingSet, vectors: Array, progress: Progress
) -> None:
    """All parts but the towers, the index, clicks and the ranker.

    Args:
        writer: of the bundle.
        dataset: the data.
        events: of the training time.
        data: features and interactions.
        vectors: float32 [I, D + L], of the items, as `searched_vectors` gives them.
        progress: told now and then.
    """
    advance = counted(progress, "Writing retrieval", 3)
    writer.schema(data.schema)
    for entity, fitted in data.fitted.items():
        save_fitted(fitted, writer.part(f"features_{entity}"))
    catalogue = catalogue_of(dataset, data, vectors)
    save_catalogue(catalogue, writer.part("catalogue"))
    advance(2)
    UserTable(user_ids=data.user_ids, codes=data.users.codes, values=data.users.values).save(writer.part("users"))
    event_log(events).save(writer.part("events"))
    np.save(
        writer.part("popularity") / POPULARITY_FILE, popularity(data.interactions, data.num_items), allow_pickle=False
    )
    advance(1)


def searched_vectors(data: TrainingSet, towers: Towers, tastes: Tastes | None) -> Array:
    """float32 [I, D + L]: the item tower's vectors, and behind them what choosing an item says of a person's L numbers.

    L is 0 where nothing was shown, of which to learn it.
    """
    vectors = item_vectors(data, towers.item)
    return vectors if tastes is None else np.concatenate([vectors, tastes.said(data.items)], axis=1)


def write_index_part(
    writer: BundleWriter,
    data: TrainingSet,
    towers: Towers,
    tastes: Tastes | None,
    vectors: Array,
    config: IndexConfig,
) -> float:
    """The part `index` over the vectors of items; returns the recall that was measured.

    Args:
        writer: of the bundle.
        data: features and interactions.
        towers: trained.
        tastes: of users; None where nothing was shown.
        vectors: float32 [I, D + L], as `searched_vectors` gives them.
        config: which index.

    Raises:
        RecipeError: the index finds less than the recipe wants.
    """
    folder = writer.part("index")
    build_index(vectors, index_queries(data, towers, tastes, vectors), config).save(folder)
    return IndexCard.load(folder).recall


def write_source_parts(writer: BundleWriter, data: TrainingSet, config: CountingConfig) -> None:
    """The parts `counts`, of the whole training time, and `similar`, where items have words or pictures."""
    counts_of(data.interactions, data.num_items, config).save(writer.part("counts"))
    if data.items.vectors:
        content_neighbours(data.items.vectors, data.num_items).save(writer.part("similar"))


def write_encoder_parts(writer: BundleWriter, contents: Contents, progress: Progress) -> None:
    """The parts `encoder_text` and `encoder_image`, where pretrained networks were at work."""
    for done, (kind, encoder) in enumerate(contents.pretrained.items()):
        from winnow.features.encoders.export_encoder import export_encoder  # noqa: PLC0415 - only these need it

        progress("Writing encoders", done, len(contents.pretrained))
        export_encoder(encoder, writer.part(PART_OF_KIND[kind]))
        progress("Writing encoders", done + 1, len(contents.pretrained))


def write_ranker_part(
    writer: BundleWriter, data: TrainingSet, rows: RankingRows, ranker: Ranker, progress: Progress
) -> None:
    """The part `ranker`."""
    advance = counted(progress, "Writing the ranker", 10)
    request = {
        **data.request_arrays(rows.examples[:1]),
        "query": rows.query[:1],
        "history_vector": rows.history_vector[:1],
        "moment_vector": rows.moment_vector[:1],
    }
    items = rows.items[:1]
    said = {"match": rows.match[:1], "source_features": rows.source_features[:1], "clicks": rows.clicks[:1]}
    candidates = {**data.item_arrays(items), "item_tower": rows.tower[items], **without_empty(said)}
    export_model(exported_ranker(ranker.model, tensors(request), tensors(candidates)), writer.part("ranker"), advance)


def catalogue_of(dataset: Dataset, data: TrainingSet, tower: Array) -> Catalogue:
    """All items of the data set, with their cards."""
    return Catalogue(
        item_ids=data.item_ids,
        codes=data.items.codes,
        values=data.items.values,
        vectors=data.items.vectors,
        tower=tower,
        cards=_cards(dataset),
        allowed=availability(dataset),
        filters=filters_of(dataset),
    )


def filters_of(dataset: Dataset) -> dict[str, FilterValues]:
    """Raw values of the filterable features of every item."""
    features = [each for each in dataset.schema.of(Entity.ITEM) if each.filterable]
    columns = columns_of(dataset.items, [each.column for each in features])
    return {each.name: filter_values(each, columns[each.column]) for each in features}


def availability(dataset: Dataset) -> Bools:
    """bool [I], whether each item may be recommended."""
    column = dataset.schema.available
    if column is None:
        return np.ones(dataset.items.num_rows, bool)
    return np.asarray(pc.fill_null(dataset.items[column], True), bool)


def tensors(arrays: Mapping[str, Array]) -> dict[str, torch.Tensor]:
    """The same arrays, for a model."""
    return {name: torch.from_numpy(np.ascontiguousarray(array)) for name, array in arrays.items()}


def _cards(dataset: Dataset) -> list[dict[str, Any]]:
    """Title and card columns of every item, as JSON-ready values."""
    shown = {feature.column: feature.column for feature in dataset.schema.of(Entity.ITEM) if feature.card}
    if dataset.schema.title:
        shown = {dataset.schema.title: "title", **shown}
    table = dataset.items.select(list(shown)).rename_columns(list(shown.values()))
    return json.loads(json.dumps(table.to_pylist(), default=str))
