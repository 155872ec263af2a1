"""Rows of single keys leave Feast's online store, for which it has no call."""
# pyright: standard
# Feast tells no types.

import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

from feast import FeatureStore, FeatureView
from feast.infra.key_encoding_utils import serialize_entity_key
from feast.infra.online_stores.helpers import compute_table_id, compute_versioned_name
from feast.protos.feast.types.EntityKey_pb2 import EntityKey
from feast.protos.feast.types.Value_pb2 import Value


def forget_online(store: FeatureStore, view: FeatureView, names: Mapping[str, float]) -> int:
    """Deletes rows of a view that goes by one key of text; where a store cannot, it puts empty rows in their place.

    Args:
        store: of the repository.
        view: as the registry has it.
        names: keys, with the UTC seconds until when rows are meant by their instant; +inf for all of them.

    Returns:
        how many rows held a value.

    Raises:
        Exception: whatever the library of the online store raises; do it again.
    """
    # What Feast offers itself deletes all rows of a view, or writes values.
    online: Any = store._get_provider().online_store  # noqa: SLF001
    config: Any = store.config
    keys = [EntityKey(join_keys=view.join_keys, entity_values=[Value(string_val=name)]) for name in names]
    found = online.online_read(config, view, keys)
    meant = [
        (key, values)
        for (instant, values), key, until in zip(found, keys, names.values(), strict=True)
        if instant is not None and 0 < instant.timestamp() <= until
    ]
    if meant:
        erase = ERASERS.get(config.online_store.type, _empty)
        erase(online, config, view, [key for key, _ in meant])
    return sum(any(map(_holds, (values or {}).values())) for _, values in meant)


def _holds(value: Value) -> bool:
    return value.WhichOneof("val") not in {None, "null_val"}


def _erase_redis(online: Any, config: Any, view: FeatureView, keys: Sequence[EntityKey]) -> None:
    """A hash holds the rows of all views of a key; others may have some in it."""
    name = compute_versioned_name(view, config.registry.enable_online_feature_view_versioning)
    _, columns = online._generate_hset_keys_for_features(view, fv_name_override=name)  # noqa: SLF001
    hashes = online._generate_redis_keys_for_entities(config, keys)  # noqa: SLF001
    with online._get_client(config.online_store).pipeline(transaction=False) as pipe:  # noqa: SLF001
        for each in hashes:
            pipe.hdel(each, *columns)
        pipe.execute()
        for each in hashes:
            pipe.hkeys(each)
        for each, left in zip(hashes, pipe.execute(), strict=True):
            # Columns that the view had once are in no list.
            if left and not any(column.startswith(b"_ts:") for column in left):
                pipe.delete(each)
        pipe.execute()


def _erase_sqlite(online: Any, config: Any, view: FeatureView, keys: Sequence[EntityKey]) -> None:
    """By a connection of its own, for it is to write over what it deletes."""
    table = compute_table_id(config.project, view, config.registry.enable_online_feature_view_versioning)
    told = [(serialize_entity_key(each, config.entity_key_serialization_version),) for each in keys]
    with closing(sqlite3.connect(online._get_db_path(config))) as connection, connection:  # noqa: SLF001
        connection.execute("PRAGMA secure_delete = ON")
        quoted = table.replace('"', '""')
        connection.executemany(f'DELETE FROM "{quoted}" WHERE entity_key = ?', told)  # noqa: S608 - quoted


def _empty(online: Any, config: Any, view: FeatureView, keys: Sequence[EntityKey]) -> None:
    now = datetime.now(UTC)
    nothing = {each.name: Value() for each in view.features}
    online.online_write_batch(config, view, [(key, nothing, now, now) for key in keys], None)


ERASERS = {"redis": _erase_redis, "sqlite": _erase_sqlite}
"""By type of the online store."""
