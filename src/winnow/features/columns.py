"""Raw columns by name: from Arrow tables in training, from JSON values in serving. Equal values, equal model arrays."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pyarrow as pa

from winnow.features.arrow_column import arrow_column
from winnow.features.value_column import value_column
from winnow.schema.column import Column
from winnow.schema.errors import SchemaError
from winnow.schema.feature import Feature
from winnow.schema.schema import Schema
from winnow.schema.transform import History


def columns_of(table: pa.Table, names: Iterable[str]) -> dict[str, Column]:
    """The named columns of a table, N rows each.

    Raises:
        SchemaError: a column is absent, of a type that no feature can read, or has lists of different lengths.
    """
    wanted = tuple(names)
    if absent := [name for name in wanted if name not in table.column_names]:
        raise SchemaError(f"The table has no column '{absent[0]}'; it has: {', '.join(table.column_names)}.")
    return {name: arrow_column(table.column(name), name) for name in wanted}


def columns_from_values(schema: Schema, rows: Sequence[Mapping[str, Any]]) -> dict[str, Column]:
    """The columns that models read, from the values of N rows; None or an absent key is missing.

    Args:
        schema: of one entity, `schema.of(entity)`.
        rows: JSON values by raw column; keys that no feature reads are ignored, and so are those of windows.

    Raises:
        RequestError: a value is of the wrong type, not finite, or out of its range; names the field and what is wanted.
    """
    readers: dict[str, list[Feature]] = {}
    for feature in schema:
        if feature.transform is not None and not isinstance(feature.transform, History) and feature.window is None:
            readers.setdefault(feature.column, []).append(feature)
    return {column: value_column(features, rows) for column, features in readers.items()}
