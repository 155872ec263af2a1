"""Offline arrays equal online arrays, byte for byte: from an Arrow table, from request values, row by row."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.features.columns import columns_from_values, columns_of
from winnow.features.fit import fit_features
from winnow.features.fitted import FittedFeatures
from winnow.features.saved_features import load_fitted, save_fitted
from winnow.schema.column import Array
from winnow.schema.feature import Entity, Feature, Kind
from winnow.schema.schema import Schema
from winnow.schema.transform import (
    Bucketise,
    CyclicalHour,
    CyclicalWeekday,
    HashBuckets,
    LogStandardise,
    PassThrough,
    Standardise,
    TextVector,
    Vocabulary,
)

TYPES = {
    "brand": pa.string(),
    "size": pa.int64(),
    "grade": pa.float64(),
    "new": pa.bool_(),
    "sale": pa.bool_(),
    "price": pa.float64(),
    "added": pa.timestamp("us", "UTC"),
    "at": pa.float64(),
    "words": pa.string(),
    "look": pa.list_(pa.float32(), 37),
}


def feature(name: str, kind: Kind, column: str, transform: Any, width: int = 1) -> Feature:
    return Feature(name=name, entity=Entity.ITEM, kind=kind, column=column, transform=transform, width=width)


SCHEMA = Schema(
    features=(
        feature("brand", Kind.CATEGORY, "brand", Vocabulary()),
        feature("brand_hash", Kind.CATEGORY, "brand", HashBuckets(buckets=1000)),
        feature("size", Kind.CATEGORY, "size", Vocabulary()),
        feature("size_hash", Kind.ID, "size", HashBuckets(buckets=1000)),
        feature("grade", Kind.CATEGORY, "grade", Vocabulary()),
        feature("new", Kind.CATEGORY, "new", Vocabulary()),
        feature("sale", Kind.NUMBER, "sale", Standardise()),
        feature("price", Kind.NUMBER, "price", Standardise()),
        feature("price_log", Kind.NUMBER, "price", LogStandardise()),
        feature("price_bin", Kind.NUMBER, "price", Bucketise(edges=(1.0, 10.0, 100.0))),
        feature("added_hour", Kind.TIME, "added", CyclicalHour()),
        feature("added_weekday", Kind.TIME, "added", CyclicalWeekday()),
        feature("hour", Kind.TIME, "at", CyclicalHour()),
        feature("weekday", Kind.TIME, "at", CyclicalWeekday()),
        feature("phrase", Kind.CATEGORY, "words", HashBuckets(buckets=1000)),
        feature("words", Kind.TEXT, "words", TextVector(width=5)),
        feature("look", Kind.VECTOR, "look", PassThrough(), width=37),
    )
)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
WORDS = st.lists(st.sampled_from(["red", "blue", "Shoe", "hat", "wool", "éclair"]), max_size=5).map(" ".join)
VALUES = {
    "brand": st.sampled_from(["acme", "3", "", "ß"]) | st.text(st.characters(exclude_categories=["Cs"]), max_size=4),
    "size": st.integers(36, 40) | st.integers(-(2**53), 2**53),
    "grade": st.sampled_from([1, 2.5, 3.0]) | st.floats(-1e6, 1e6),
    "new": st.booleans(),
    "sale": st.booleans(),
    "price": st.floats(0, 1e5) | st.floats(0, 1e308) | st.integers(0, 100),
    "added": st.integers(-(10**15), 4 * 10**15).map(lambda number: EPOCH + timedelta(microseconds=number)),
    "at": st.floats(0, 4e9),
    "words": WORDS | st.text(st.characters(exclude_categories=["Cs"]), max_size=6),
    "look": st.lists(st.floats(-(2.0**127), 2.0**127, width=32), min_size=37, max_size=37),
}
ROWS = st.lists(st.fixed_dictionaries({name: st.none() | values for name, values in VALUES.items()}), max_size=9)
TRAINING = [
    {
        "brand": brand,
        "size": 36 + n,
        "grade": n / 2,
        "new": n % 2 == 0,
        "sale": n == 3,
        "price": 10.0 * n,
        "added": EPOCH + timedelta(hours=5 * n),
        "at": 3600.5 * n,
        "words": words,
        "look": [float(n)] * 37,
    }
    for n, (brand, words) in enumerate([("acme", "red shoe"), ("3", "blue hat"), ("ß", "wool hat"), ("acme", "éclair")])
]


def table_of(rows: list[dict[str, Any]]) -> pa.Table:
    return pa.table({name: pa.array([row[name] for row in rows], kind) for name, kind in TYPES.items()})


def json_of(row: dict[str, Any]) -> dict[str, Any]:
    """The row as a client sends it: no key for what is missing, instants as ISO text."""
    there = {name: value for name, value in row.items() if value is not None}
    return {name: value.isoformat() if name == "added" else value for name, value in there.items()}


def as_bytes(arrays: dict[str, Array]) -> dict[str, bytes]:
    return {name: array.tobytes() for name, array in arrays.items()}


@pytest.fixture(scope="module")
def fitted() -> FittedFeatures:
    return fit_features(SCHEMA, Entity.ITEM, table_of(TRAINING))


@pytest.fixture(scope="module")
def served(fitted: FittedFeatures, tmp_path_factory) -> FittedFeatures:
    folder = tmp_path_factory.mktemp("features")
    save_fitted(fitted, folder)
    return load_fitted(folder)


def offline(fitted: FittedFeatures, rows: list[dict[str, Any]]) -> dict[str, Array]:
    return fitted(columns_of(table_of(rows), fitted.columns), len(rows))


def online(served: FittedFeatures, rows: list[dict[str, Any]]) -> dict[str, Array]:
    return served(columns_from_values(SCHEMA.of(Entity.ITEM), [json_of(row) for row in rows]), len(rows))


@given(rows=ROWS)
def test_a_table_and_the_same_rows_as_request_values_give_the_same_bytes(rows, fitted, served):
    assert as_bytes(offline(fitted, rows)) == as_bytes(online(served, rows))


@given(rows=ROWS)
def test_one_request_at_a_time_gives_the_bytes_of_the_whole_table(rows, fitted, served):
    whole = offline(fitted, rows)
    for place, row in enumerate(rows):
        one = online(served, [row])
        assert as_bytes(one) == as_bytes({name: array[place : place + 1] for name, array in whole.items()})


def test_known_values_are_known_and_the_cases_are_not_all_missing(fitted, served):
    arrays = online(served, TRAINING)
    for name in ("brand", "size", "grade", "new"):
        assert (arrays[name] >= 2).all(), name
    assert as_bytes(arrays) == as_bytes(offline(fitted, TRAINING))
