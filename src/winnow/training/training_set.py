"""Everything that training reads, in columns: fitted features applied once, batches by index."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from winnow.data.arrow_compute import pc
from winnow.data.dataset import ITEM, USER, Dataset
from winnow.features.columns import columns_of
from winnow.features.encoders.encoded_column import EncodedColumn
from winnow.features.feature_arrays import FeatureArrays, joined
from winnow.features.fit import fit_features
from winnow.features.fitted import FittedFeatures
from winnow.models.inputs import Inputs
from winnow.schema.column import Array
from winnow.schema.errors import SchemaError
from winnow.schema.feature import Entity, Feature, Kind
from winnow.schema.schema import Schema
from winnow.schema.transform import MISSING_CODE
from winnow.training.contents import NO_CONTENTS, Contents
from winnow.training.interactions import Interactions, interactions_of
from winnow.training.progress import Progress, silent
from winnow.training.window_columns import window_columns

ROWS_AT_ONCE = 65_536
MASKED_SHARE = 0.05
"""Share of training rows without anything of the user and, separately, without each single category of user or context,
so that any of them may be missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingSet:
    """A data set as model arrays.

    Attributes:
        schema: of the data set.
        item_ids: I outside names, by row.
        fitted: by entity.
        users: arrays [U + 1, ...]; the last row is a user of whom nothing is known.
        user_ids: U outside names of the users table.
        items: arrays [I, ...].
        known_items: int64 [K], rising rows of items with a training event; what the others are like is not known yet.
        contexts: arrays [N, ...] of the examples.
        interactions: the N examples.
        user_rows: int64 [N], rows in `users`.
    """

    schema: Schema
    item_ids: tuple[str, ...]
    fitted: Mapping[Entity, FittedFeatures]
    users: FeatureArrays
    user_ids: tuple[str, ...]
    items: FeatureArrays
    known_items: Array
    contexts: FeatureArrays
    interactions: Interactions
    user_rows: Array

    @property
    def num_items(self) -> int:
        """I."""
        return len(self.item_ids)

    def inputs(self, entity: Entity) -> Inputs:
        """Widths of an entity's arrays."""
        outputs = self.fitted[entity].outputs
        return Inputs(
            codes=tuple(each.size for each in outputs if each.form == "code"),
            values=sum(each.form == "value" for each in outputs),
            vectors={each.name: each.size for each in outputs if each.form == "vector"},
            ids=tuple(self.id_columns(entity)),
        )

    def id_columns(self, entity: Entity) -> list[int]:
        """Places, among an entity's code columns, of those that name the very user or item."""
        ids = {feature.name for feature in self.schema.of(entity) if feature.kind is Kind.ID}
        codes = [each.name for each in self.fitted[entity].outputs if each.form == "code"]
        return [place for place, name in enumerate(codes) if name in ids]

    def request_arrays(self, examples: Array, masking: np.random.Generator | None = None) -> dict[str, Array]:
        """User and context arrays of the examples; columns without width are left out.

        Args:
            examples: int64 [B], positions among the interactions.
            masking: hides the user of some examples, and single categories of others; by default nothing.
        """
        user_rows, context_codes = self.user_rows[examples], self.contexts.codes[examples]
        if masking is not None:
            user_rows = np.where(masking.random(len(examples)) < MASKED_SHARE, len(self.user_ids), user_rows)
        user_codes = self.users.codes[user_rows]
        if masking is not None:
            for codes in (user_codes, context_codes):
                codes[masking.random(codes.shape) < MASKED_SHARE] = MISSING_CODE
        return without_empty(
            {
                "user_codes": user_codes,
                "user_values": self.users.values[user_rows],
                "context_codes": context_codes,
                "context_values": self.contexts.values[examples],
            }
        )

    def item_arrays(self, rows: Array) -> dict[str, Array]:
        """Item arrays of any shape of rows; columns without width are left out."""
        vectors = {f"item_vector_{name}": values[rows] for name, values in self.items.vectors.items()}
        return without_empty({"item_codes": self.items.codes[rows], "item_values": self.items.values[rows], **vectors})


def training_set(
    dataset: Dataset, events: pa.Table, contents: Contents = NO_CONTENTS, progress: Progress = silent
) -> TrainingSet:
    """Fits the features and applies them, but for those that have no value in any row of the data set.

    Args:
        dataset: gives users, items and the schema.
        events: the training events of it; context features are fitted on these, item features on the items in them.
        contents: what encoders made of the items.
        progress: told after each entity.

    Raises:
        SchemaError: a feature cannot be fitted, no model reads it, or items have none that a model reads.
    """
    schema, known_items = dataset.schema, _known_items(dataset, events)
    readable = _with_values(dataset)
    encoded = {name: column.of(known_items) for name, column in contents.columns.items()}
    fitted: dict[Entity, FittedFeatures] = {}
    for entity, table in ((Entity.USER, dataset.users), (Entity.ITEM, dataset.items.take(known_items))):
        fitted[entity] = fit_features(readable, entity, table, encoded)
        progress("Fitting features", len(fitted), len(Entity))
    items = _arrays(fitted[Entity.ITEM], dataset.items, contents.columns)
    events = window_columns(dataset, events, fitted[Entity.ITEM], items.codes).appended(events)
    fitted[Entity.CONTEXT] = fit_features(_with_windows(readable, events), Entity.CONTEXT, events)
    progress("Fitting features", len(fitted), len(Entity))
    _check(fitted)
    interactions = interactions_of(events, dataset.items, schema)
    known = _arrays(fitted[Entity.USER], dataset.users)
    unknown = fitted[Entity.USER].missing()
    user_ids = tuple(dataset.users[USER].to_pylist())
    row_of = {user_id: row for row, user_id in enumerate(user_ids)}
    rows = np.array([row_of.get(user_id, len(user_ids)) for user_id in interactions.user_ids], np.int64)
    return TrainingSet(
        schema=schema,
        item_ids=tuple(dataset.items[ITEM].to_pylist()),
        fitted=fitted,
        users=FeatureArrays(
            codes=np.concatenate([known.codes, unknown.codes]),
            values=np.concatenate([known.values, unknown.values]),
            vectors={},
        ),
        user_ids=user_ids,
        items=items,
        known_items=known_items,
        contexts=_arrays(fitted[Entity.CONTEXT], events.take(interactions.event_rows)),
        interactions=interactions,
        user_rows=rows[interactions.users],
    )


def asked_at(data: TrainingSet, dataset: Dataset, events: pa.Table, at: Array) -> TrainingSet:
    """The same examples with what users did lately as of other instants than those of the positives.

    Args:
        data: N examples.
        dataset: as it was made of.
        events: likewise.
        at: float64 [N], UTC seconds.
    """
    if not dataset.schema.windows:
        return data
    windows = window_columns(dataset, events, data.fitted[Entity.ITEM], data.items.codes)
    table = windows.appended(events.take(data.interactions.event_rows), at)
    return replace(data, contexts=_arrays(data.fitted[Entity.CONTEXT], table))


def without_empty(columns: Mapping[str, Array]) -> dict[str, Array]:
    """Columns that have a width; a model has no input for the others."""
    return {name: column for name, column in columns.items() if column.shape[-1]}


def _check(fitted: Mapping[Entity, FittedFeatures]) -> None:
    if not fitted[Entity.ITEM].outputs:
        raise SchemaError(
            "No feature of the item has a transform, so models cannot tell items apart; give one to at least one "
            "feature, for example a vocabulary to the item's id."
        )


def _with_values(dataset: Dataset) -> Schema:
    """The schema without what is missing in all rows: it says nothing, and the data's report has told of it."""
    tables = {Entity.USER: dataset.users, Entity.ITEM: dataset.items, Entity.CONTEXT: dataset.events}

    def says_nothing(feature: Feature) -> bool:
        table = tables[feature.entity]
        there = feature.column in table.column_names
        return there and table[feature.column].null_count >= max(1, table.num_rows)

    empty = {each.name for each in dataset.schema if says_nothing(each)}

    def read(feature: Feature) -> Feature:
        if feature.window is not None and feature.window.of in empty:
            return replace(feature, transform=None, window=None)
        return replace(feature, transform=None) if feature.name in empty else feature

    return replace(dataset.schema, features=tuple(map(read, dataset.schema)))


def _with_windows(schema: Schema, events: pa.Table) -> Schema:
    """The schema without windows in which nobody ever did anything."""

    def read(feature: Feature) -> Feature:
        there = feature.column in events.column_names and events[feature.column].null_count < events.num_rows
        return feature if feature.window is None or there else replace(feature, transform=None)

    return replace(schema, features=tuple(map(read, schema)))


def _known_items(dataset: Dataset, events: pa.Table) -> Array:
    """int64 [K], rising rows of the items that occur in the events."""
    rows = pc.index_in(pc.unique(events[ITEM]), dataset.items[ITEM].combine_chunks())
    return np.sort(np.asarray(rows, np.int64))


def _arrays(
    fitted: FittedFeatures, table: pa.Table, contents: Mapping[str, EncodedColumn] = NO_CONTENTS.columns
) -> FeatureArrays:
    """Some rows at a time, so that encoders' wide vectors are never all in memory."""
    pieces = list[FeatureArrays]()
    for start in range(0, max(1, table.num_rows), ROWS_AT_ONCE):
        piece = table.slice(start, ROWS_AT_ONCE)
        rows = np.arange(start, start + piece.num_rows)
        encoded = {name: column.vectors.take(rows) for name, column in contents.items()}
        pieces.append(fitted.packed(columns_of(piece, fitted.columns), piece.num_rows, encoded))
    return joined(pieces)
