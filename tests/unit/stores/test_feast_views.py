"""Views as Feast takes them; that it takes them is in the integration tests."""

import sys
from datetime import timedelta
from types import ModuleType

import yaml
from feast import Entity, FeatureView, FileSource, PushSource
from feast.infra.offline_stores.contrib.athena_offline_store.athena_source import AthenaSource
from feast.repo_config import RepoConfig
from feast.types import Array, Bool, Float32, Float64, String

from tests.unit.stores.test_feature_table import SCHEMA
from winnow.schema.feature import Kind
from winnow.stores.feast_config import config_text
from winnow.stores.feast_views import TYPE_OF_KIND, feast_objects
from winnow.stores.feature_table import SINCE, WRITTEN, feature_tables


def made(tmp_path, athena=None):
    objects = feast_objects(feature_tables(SCHEMA), tmp_path, athena)
    return {each.name: each for each in objects if isinstance(each, FeatureView)}, objects


def test_every_kind_has_a_type():
    assert set(TYPE_OF_KIND) == {None, *Kind}


def test_a_view_has_the_key_the_types_and_the_life_of_its_table(tmp_path):
    views, objects = made(tmp_path)
    assert [each.name for each in objects if isinstance(each, Entity)] == ["user_id", "item_id"]
    types = {name: {each.name: each.dtype for each in view.features} for name, view in views.items()}
    assert types == {
        "winnow_users": {"age in years": Float64},
        "winnow_items": {"colour": String, "sound": Array(Float32), "name": String, "in_stock": Bool},
        "winnow_window_top": {"top": String},
    }
    assert {name: view.ttl for name, view in views.items()} == {
        "winnow_users": timedelta(0),
        "winnow_items": timedelta(0),
        "winnow_window_top": timedelta(hours=2),
    }
    assert {name: view.entities for name, view in views.items()} == {
        "winnow_users": ["user_id"],
        "winnow_items": ["item_id"],
        "winnow_window_top": ["user_id"],
    }


def test_rows_come_from_files_and_only_live_ones_are_pushed(tmp_path):
    views, _ = made(tmp_path)
    assert [isinstance(each.stream_source, PushSource) for each in views.values()] == [False, False, True]
    for name, view in views.items():
        assert isinstance(view.batch_source, FileSource)
        assert view.batch_source.path == str(tmp_path / name / "*.parquet")
        assert (view.batch_source.timestamp_field, view.batch_source.created_timestamp_column) == (SINCE, WRITTEN)


def test_on_aws_they_come_from_tables_of_athena(tmp_path):
    views, _ = made(tmp_path, "shop")
    for name, view in views.items():
        source = view.batch_source
        assert isinstance(source, AthenaSource)
        assert (source.table, source.database, source.data_source) == (name, "shop", "AwsDataCatalog")
        assert (source.timestamp_field, source.created_timestamp_column) == (SINCE, WRITTEN)


def test_feast_takes_the_settings_of_aws(monkeypatch):
    """Amazon's own client is asked nothing when settings are read, and need not be installed."""
    amazon = {name: ModuleType(name) for name in ("boto3", "botocore", "botocore.config", "botocore.exceptions")}
    monkeypatch.setattr(amazon["botocore.config"], "Config", object, raising=False)
    for name in ("ClientError", "ConnectionClosedError"):
        monkeypatch.setattr(amazon["botocore.exceptions"], name, Exception, raising=False)
    for name, module in amazon.items():
        monkeypatch.setitem(sys.modules, name, module)
    told = yaml.safe_load(config_text("aws"))
    config = RepoConfig(**told)
    assert type(config.offline_store).__name__ == "AthenaOfflineStoreConfig"
    assert type(config.online_store).__name__ == "RedisOnlineStoreConfig"
    assert config.offline_store.model_dump() == told["offline_store"]
