"""Which features a feature store outside keeps, table by table. Follows from the schema, and from nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass

from winnow.schema.feature import Entity, Kind
from winnow.schema.schema import Schema

SINCE, WRITTEN = "winnow_since", "winnow_written"
"""Columns of every table besides: the instant from which a row holds, and the one at which it was written."""
OURS, ITEMS = "winnow_", "winnow_items"
"""How names of tables begin, for a feature store may hold tables of others; and the one that does not go by user."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeatureTable:
    """Raw columns that go by one key.

    Attributes:
        name: unique; begins with OURS.
        key: column of outside names, `user_id` or `item_id`.
        columns: what the raw values are, by column; None for truth values.
        ttl_s: how long a row holds at most; 0 for ever.
        is_live: whether rows come from what users do, while they do it.
    """

    name: str
    key: str
    columns: Mapping[str, Kind | None]
    ttl_s: float = 0.0
    is_live: bool = False


def user_table(schema: Schema) -> FeatureTable | None:
    """What a shop says of its users; None where it says nothing."""
    return _described(schema, Entity.USER, f"{OURS}users", schema.user_key)


def item_table(schema: Schema) -> FeatureTable | None:
    """What it says of its items, likewise."""
    return _described(schema, Entity.ITEM, ITEMS, schema.item_key)


def window_tables(schema: Schema) -> dict[str, FeatureTable]:
    """Of each window of the schema, by raw column; each in a table of its own, for each reaches back differently."""
    return {
        name: FeatureTable(
            name=f"{OURS}window_{name}",
            key=schema.user_key,
            columns={name: Kind.CATEGORY},
            ttl_s=window.over_s,
            is_live=True,
        )
        for name, window in schema.windows.items()
    }


def feature_tables(schema: Schema) -> tuple[FeatureTable, ...]:
    """All of them."""
    return (*filter(None, (user_table(schema), item_table(schema))), *window_tables(schema).values())


def _described(schema: Schema, entity: Entity, name: str, key: str) -> FeatureTable | None:
    kinds = {each.column: each.kind for each in schema.of(entity)}
    columns = {
        column: None if entity is Entity.ITEM and column == schema.available else kinds.get(column, Kind.TEXT)
        for column in schema.columns(entity)
        if column != key
    }
    return FeatureTable(name=name, key=key, columns=columns) if columns else None
