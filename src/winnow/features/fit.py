"""Learns from the training rows what transforms need. A leaf: serving never imports it."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import pyarrow as pa

from winnow.features.arrow_column import arrow_column, is_instant, is_list, is_number, is_text
from winnow.features.bucket_codes import BucketCodes
from winnow.features.cyclical_time import DayOfWeek, HourOfDay
from winnow.features.encoders.encoded_column import EncodedColumn
from winnow.features.encoders.fit_projection import fit_projection
from winnow.features.fit_numbers import fit_numbers
from winnow.features.fit_text import fit_text
from winnow.features.fit_vocabulary import fit_vocabulary
from winnow.features.fitted import FittedFeature, FittedFeatures
from winnow.features.fitted_transform import FittedTransform
from winnow.features.hash_codes import HashCodes
from winnow.features.rows import Rows
from winnow.features.texts import texts_of
from winnow.features.unit_vector import UnitVector
from winnow.schema.errors import SchemaError
from winnow.schema.feature import Entity, Feature, Kind
from winnow.schema.schema import Schema
from winnow.schema.transform import (
    Bucketise,
    CyclicalHour,
    CyclicalWeekday,
    HashBuckets,
    History,
    ImageVector,
    LogStandardise,
    PassThrough,
    Standardise,
    TextVector,
    Vocabulary,
)

NONE_ENCODED: Mapping[str, EncodedColumn] = MappingProxyType({})


def fit_features(
    schema: Schema, entity: Entity, table: pa.Table, encoded: Mapping[str, EncodedColumn] = NONE_ENCODED
) -> FittedFeatures:
    """Fit every feature of an entity that models read; a history has nothing to fit and is left out.

    Args:
        schema: of the whole shop.
        entity: whose features to fit.
        table: its training rows; for the context, the training events.
        encoded: what an encoder made of these rows, by feature name; every image is among them, and texts where the
            recipe names an encoder for them.

    Raises:
        SchemaError: a column is absent, of the wrong type, read in two ways, empty, or holds impossible values.
    """
    features = [each for each in schema.of(entity) if each.transform and not isinstance(each.transform, History)]
    for feature in features:
        _check(feature, table)
    _check_forms(features)
    numbers = [each for each in features if isinstance(each.transform, Standardise | LogStandardise)]
    with Rows(table) as rows:
        scaled = fit_numbers(numbers, rows)
        fitted = [scaled.get(each.name) or _fit(each, rows, encoded.get(each.name)) for each in features]
    named = zip(features, fitted, strict=True)
    kept = tuple(FittedFeature(name=each.name, column=each.column, transform=transform) for each, transform in named)
    return FittedFeatures(entity=entity, features=kept)


def _fit(feature: Feature, rows: Rows, encoded: EncodedColumn | None) -> FittedTransform:
    match feature.transform:
        case TextVector(width=width) | ImageVector(width=width) if encoded is not None:
            return fit_projection(encoded.encoder, encoded.pieces(), width)
        case Vocabulary():
            return fit_vocabulary(feature, feature.transform, rows)
        case TextVector():
            return fit_text(
                feature, feature.transform, texts_of(arrow_column(rows.table[feature.column], feature.column))
            )
        case _:
            return _fixed(feature)


def _fixed(feature: Feature) -> FittedTransform:
    """The transforms that learn nothing."""
    match feature.transform:
        case HashBuckets(buckets=buckets):
            return HashCodes(buckets=buckets)
        case Bucketise(edges=edges):
            return BucketCodes(edges=edges)
        case CyclicalHour():
            return HourOfDay()
        case CyclicalWeekday():
            return DayOfWeek()
        case PassThrough():
            return UnitVector(width=feature.width)
        case _:
            raise TypeError(f"{type(feature.transform).__name__} cannot be fitted.")


_WORDS = {Kind.ID, Kind.CATEGORY, Kind.TEXT}
_READABLE = {
    Kind.ID: ("text or numbers", lambda kind: is_text(kind) or is_number(kind)),
    Kind.CATEGORY: ("text or numbers", lambda kind: is_text(kind) or is_number(kind)),
    Kind.NUMBER: ("numbers", is_number),
    Kind.VECTOR: ("lists of numbers", is_list),
    Kind.TIME: ("instants: date-times or UTC seconds", lambda kind: is_instant(kind) or is_number(kind)),
    Kind.TEXT: ("text", is_text),
    Kind.IMAGE: ("names of files", is_text),
}


def _check(feature: Feature, table: pa.Table) -> None:
    """The column is there, of a type that its kind allows, and has something in it."""
    whose = f"The {feature.entity} feature '{feature.name}' reads the column '{feature.column}'"
    if feature.column not in table.column_names:
        raise SchemaError(f"{whose}, which the table does not have; it has: {', '.join(table.column_names)}.")
    column = table[feature.column]
    if column.null_count == len(column):
        raise SchemaError(f"{whose}, in which all {len(column)} rows are missing; fill it, or leave the feature out.")
    kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    wanted, is_readable = _READABLE[feature.kind]
    if not is_readable(kind):
        raise SchemaError(f"{whose}, which is of the Arrow type {kind}; a {feature.kind} is made from {wanted}.")


def _check_forms(features: Sequence[Feature]) -> None:
    """A value that is now a number, now a word would be written in two ways; so each column is of one form."""
    first: dict[str, Feature] = {}
    for feature in features:
        other = first.setdefault(feature.column, feature)
        if other.kind is not feature.kind and not {other.kind, feature.kind} <= _WORDS:
            raise SchemaError(
                f"The {feature.entity} features '{other.name}' ({other.kind}) and '{feature.name}' ({feature.kind}) "
                f"read the same column '{feature.column}' in two ways; store it twice, under two names."
            )
