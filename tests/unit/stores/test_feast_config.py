import os

import pytest
import yaml

from winnow.stores.feast_config import config_text, patient


def read(text):
    return yaml.safe_load(text)


def test_at_home_everything_lies_beside_the_file():
    told = read(config_text("local"))
    assert told["provider"] == "local"
    assert told["registry"]["path"] == "data/registry.db"
    assert told["offline_store"] == {"type": "duckdb"}
    assert told["online_store"] == {"type": "sqlite", "path": "data/online.db"}


def test_a_redis_is_named_as_it_was_given():
    told = read(config_text("local", "cache:6379,db=2"))
    assert told["online_store"] == {"type": "redis", "connection_string": "cache:6379,db=2"}


def test_on_aws_athena_and_redis_are_where_the_environment_says(monkeypatch):
    for name, value in (
        ("FEAST_BUCKET", "shop"),
        ("AWS_REGION", "eu-west-1"),
        ("FEAST_ATHENA_DATABASE", "winnow"),
        ("FEAST_ATHENA_WORKGROUP", "primary"),
        ("FEAST_REDIS", "cache.shop:6379"),
    ):
        monkeypatch.setenv(name, value)
    # As Feast reads it.
    told = read(os.path.expandvars(config_text("aws")))
    assert told["provider"] == "aws"
    assert told["registry"]["path"] == "s3://shop/registry.db"
    assert told["offline_store"] == {
        "type": "athena",
        "region": "eu-west-1",
        "data_source": "AwsDataCatalog",
        "database": "winnow",
        "workgroup": "primary",
        "s3_staging_location": "s3://shop/staging",
    }
    assert told["online_store"] == {"type": "redis", "connection_string": "cache.shop:6379,ssl=true"}


@pytest.mark.parametrize("target", ["local", "aws"])
def test_no_request_ever_waits_for_the_registry(target):
    assert read(config_text(target))["registry"]["cache_ttl_seconds"] == 0


def test_a_client_waits_no_longer_than_is_said_and_tries_once():
    assert patient("cache:6379") == "cache:6379,socket_connect_timeout=0.25,socket_timeout=0.1,retry=null"
    assert patient("cache:6379,socket_timeout=5").endswith(
        ":6379,socket_timeout=5,socket_connect_timeout=0.25,retry=null"
    )
