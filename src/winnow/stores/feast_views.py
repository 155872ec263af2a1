"""Feature tables as Feast has them: entities, feature views and push sources."""
# pyright: standard
# Arrow and Feast tell no types.

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from feast import Entity, FeatureView, Field, FileSource, PushSource
from feast.data_format import ParquetFormat
from feast.data_source import DataSource
from feast.infra.offline_stores.contrib.athena_offline_store.athena_source import AthenaSource
from feast.types import Array, Bool, FeastType, Float32, Float64, String
from feast.value_type import ValueType

from winnow.schema.feature import Kind
from winnow.stores.feature_table import SINCE, WRITTEN, FeatureTable

TYPE_OF_KIND: dict[Kind | None, FeastType] = {
    None: Bool,
    Kind.ID: String,
    Kind.CATEGORY: String,
    Kind.TEXT: String,
    Kind.IMAGE: String,
    Kind.NUMBER: Float64,
    Kind.TIME: Float64,
    Kind.VECTOR: Array(Float32),
}


def feast_objects(tables: Sequence[FeatureTable], data: Path, athena: str | None) -> list[Any]:
    """What `apply` registers.

    Args:
        tables: all of a schema.
        data: folder with the files of each table, in a folder of its own.
        athena: database where the tables are instead; None for files.
    """
    entities = {key: Entity(name=key, join_keys=[key], value_type=ValueType.STRING) for key in _keys(tables)}
    views = [_view(each, entities[each.key], _source(each, data, athena)) for each in tables]
    return [*entities.values(), *views]


def push_name(table: FeatureTable) -> str:
    """What the push source of a live table is called."""
    return f"{table.name}_push"


def _keys(tables: Sequence[FeatureTable]) -> list[str]:
    return list(dict.fromkeys(each.key for each in tables))


def _view(table: FeatureTable, entity: Entity, source: DataSource) -> FeatureView:
    columns = [Field(name=name, dtype=TYPE_OF_KIND[kind]) for name, kind in table.columns.items()]
    return FeatureView(
        name=table.name,
        entities=[entity],
        ttl=timedelta(seconds=table.ttl_s),
        schema=[Field(name=table.key, dtype=String), *columns],
        source=PushSource(name=push_name(table), batch_source=source) if table.is_live else source,
    )


def _source(table: FeatureTable, data: Path, athena: str | None) -> DataSource:
    name = f"{table.name}_rows"
    if athena is not None:
        return AthenaSource(
            name=name,
            table=table.name,
            database=athena,
            data_source="AwsDataCatalog",
            timestamp_field=SINCE,
            created_timestamp_column=WRITTEN,
        )
    return FileSource(
        name=name,
        path=str(data / table.name / "*.parquet"),
        file_format=ParquetFormat(),
        timestamp_field=SINCE,
        created_timestamp_column=WRITTEN,
    )
