"""How a Feast repository is set up: text for `feature_store.yaml`, and what requests need besides."""

from typing import Literal

FILE = "feature_store.yaml"
Target = Literal["local", "aws"]

_HEAD = """\
# How Feast keeps the features of Winnow. Yours to change: `winnow feast apply` reads it, and leaves it as it is.
project: winnow
entity_key_serialization_version: 3
"""
# Views change with `winnow feast apply`; a service is started again then, and no request ever waits for a registry.
_LOCAL = """provider: local
registry: {path: data/registry.db, cache_ttl_seconds: 0}
offline_store: {type: duckdb}
"""
_AWS = """provider: aws
registry: {path: "s3://${FEAST_BUCKET}/registry.db", cache_ttl_seconds: 0}
offline_store:
  type: athena
  region: ${AWS_REGION}
  data_source: AwsDataCatalog
  database: ${FEAST_ATHENA_DATABASE}
  workgroup: ${FEAST_ATHENA_WORKGROUP}
  s3_staging_location: s3://${FEAST_BUCKET}/staging
"""
_SQLITE = "online_store: {type: sqlite, path: data/online.db}\n"
_REDIS = 'online_store: {{type: redis, connection_string: "{address}"}}\n'
_ELASTICACHE = "${FEAST_REDIS},ssl=true"

PATIENCE = {"socket_connect_timeout": "0.25", "socket_timeout": "0.1", "retry": "null"}
"""Of a Redis client, where nobody says otherwise. Without it one waits for ever for a server that hangs, and tries one
that is gone again and again, seconds apart."""


def config_text(target: Target, redis: str = "") -> str:
    """Content of a new `feature_store.yaml`; Feast itself puts variables of the environment in.

    Args:
        target: DuckDB and files beside it, or Athena and S3.
        redis: host:port of the server that is asked online, as Feast writes it; by default a SQLite file, on AWS what
            the variable FEAST_REDIS says.
    """
    if target == "aws":
        return _HEAD + _AWS + _REDIS.format(address=redis or _ELASTICACHE)
    return _HEAD + _LOCAL + (_REDIS.format(address=redis) if redis else _SQLITE)


def patient(connection: str) -> str:
    """The connection of a Redis server with a bound on every wait."""
    told = {part.partition("=")[0] for part in connection.split(",")}
    return ",".join([connection, *(f"{name}={value}" for name, value in PATIENCE.items() if name not in told)])
