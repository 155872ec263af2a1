"""Raw columns from tables and from request values."""

from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
import pytest

from winnow.features.columns import columns_from_values, columns_of
from winnow.schema.column import Masked
from winnow.schema.errors import RequestError, SchemaError
from winnow.schema.feature import Entity, Feature, Kind
from winnow.schema.schema import Schema
from winnow.schema.transform import (
    Bucketise,
    CyclicalHour,
    History,
    LogStandardise,
    PassThrough,
    Standardise,
    TextVector,
    Vocabulary,
)


def column(values: pa.Array | pa.ChunkedArray):
    return columns_of(pa.table({"x": values}), ["x"])["x"]


def test_plain_columns_stay_plain():
    assert column(pa.array(["a", "b"])).tolist() == ["a", "b"]
    assert column(pa.array([1, 2**62])).tolist() == [1, 2**62]
    assert column(pa.array([True, False])).tolist() == [True, False]
    assert column(pa.array([0.5], pa.float32())).dtype == np.float64


@pytest.mark.parametrize("values", [["a", None], [2**62, None], [0.5, None], [True, None], [[1.0, 2.0], None]])
def test_columns_with_gaps_are_masked(values):
    masked = column(pa.array(values))
    assert isinstance(masked, Masked)
    assert masked.present.tolist() == [True, False]
    np.testing.assert_array_equal(masked.values[0], values[0])


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_instants_become_utc_seconds(unit):
    at = datetime(2026, 11, 21, 8, 30, tzinfo=UTC)
    assert column(pa.array([at], pa.timestamp(unit, "UTC"))).tolist() == [at.timestamp()]
    assert column(pa.array([at], pa.timestamp(unit, "Asia/Tokyo"))).tolist() == [at.timestamp()]
    assert column(pa.array([at.date()])).tolist() == [datetime(2026, 11, 21, tzinfo=UTC).timestamp()]


@pytest.mark.parametrize("kind", [pa.list_(pa.float64()), pa.large_list(pa.float32()), pa.list_(pa.float32(), 2)])
def test_lists_become_a_table_also_in_chunks_and_slices(kind):
    chunks = pa.chunked_array([pa.array([[9, 9], [1, 2], None], kind)[1:], pa.array([[3, 4]], kind)])
    masked = column(chunks)
    assert masked.present.tolist() == [True, False, True]
    assert masked.values[[0, 2]].tolist() == [[1, 2], [3, 4]]
    assert masked.values.dtype == np.float32


def test_lists_of_different_lengths_are_counted_and_shown():
    with pytest.raises(SchemaError, match="has 1 vectors of a width other than 2, the first in row 2"):
        column(pa.array([[1.0, 2.0], None, [3.0]]))


def test_an_empty_table_gives_empty_columns():
    assert len(column(pa.chunked_array([], pa.string()))) == 0
    assert len(column(pa.array([], pa.list_(pa.float32())))) == 0


def test_what_no_feature_can_read_is_refused():
    with pytest.raises(SchemaError, match="column 'x' is of the Arrow type struct"):
        column(pa.array([{"a": 1}]))
    with pytest.raises(SchemaError, match="no column 'y'; it has: x"):
        columns_of(pa.table({"x": [1]}), ["y"])


def read(value, kind: Kind, transform, **more):
    schema = Schema(
        features=(Feature(name="f", entity=Entity.ITEM, kind=kind, column="x", transform=transform, **more),)
    )
    return columns_from_values(schema, [{"x": value, "other": object()}])["x"]


NAN, INF = float("nan"), float("inf")
NUMBER, AMOUNT, TIME = (Kind.NUMBER, Standardise()), (Kind.NUMBER, LogStandardise()), (Kind.TIME, CyclicalHour())
CATEGORY, TEXT, VECTOR = (Kind.CATEGORY, Vocabulary()), (Kind.TEXT, TextVector()), (Kind.VECTOR, PassThrough())


@pytest.mark.parametrize(
    ("value", "reading", "message"),
    [
        ("old", NUMBER, r"The item field 'x' is 'old'; a number is wanted\."),
        (NAN, NUMBER, "is nan; a finite number is wanted"),
        (INF, NUMBER, "is inf; a finite number is wanted"),
        (10**400, NUMBER, "a finite number is wanted"),
        pytest.param(10**5000, NUMBER, "is a very large number; a finite number is wanted", id="5000 digits"),
        ([1], NUMBER, "a number is wanted"),
        (-0.5, AMOUNT, "is -0.5; a number of 0 or more is wanted"),
        (["a"], CATEGORY, r"is \['a'\]; text or a number is wanted"),
        (NAN, CATEGORY, "a finite number is wanted"),
        (2**64, CATEGORY, "a whole number of at most 64 bits is wanted"),
        ("\ud800", CATEGORY, "text of whole Unicode characters is wanted"),
        (5, TEXT, "is 5; text is wanted"),
        ("noon", TIME, "is 'noon'; UTC seconds or a date and time such as"),
        (INF, TIME, "a finite number is wanted"),
        ([1.0], VECTOR, "a list of 2 numbers is wanted"),
        ("ab", VECTOR, "is 'ab'; a list of 2 numbers is wanted"),
        ([1.0, None], VECTOR, "a number is wanted"),
        ([1.0, 1e39], VECTOR, r"numbers of at most 3\.4e\+38 are wanted"),
        ("x" * 10_000, NUMBER, r"is 'xxxxxxxxxxxx\.\.\.xxxxxxxxxxxxx'; a number"),
    ],
)
def test_a_value_that_cannot_be_read_is_named_with_what_is_wanted(value, reading, message):
    kind, transform = reading
    with pytest.raises(RequestError, match=message):
        read(value, kind, transform, width=2 if kind is Kind.VECTOR else 1)


def test_the_row_is_named_where_there_are_several():
    schema = Schema(features=(Feature(name="x", entity=Entity.ITEM, kind=Kind.NUMBER, transform=Standardise()),))
    with pytest.raises(RequestError, match="The item field 'x' of row 2 is 'old'"):
        columns_from_values(schema, [{"x": 1}, {}, {"x": "old"}])


def test_instants_are_seconds_or_iso_text():
    wanted = datetime(2026, 11, 21, 8, 30, tzinfo=UTC).timestamp()
    for value in (wanted, "2026-11-21T08:30:00Z", "2026-11-21 08:30", "2026-11-21T10:30:00+02:00"):
        assert read(value, *TIME).tolist() == [wanted]


def test_none_and_absent_are_missing():
    schema = Schema(features=(Feature(name="x", entity=Entity.USER, kind=Kind.NUMBER, transform=Standardise()),))
    masked = columns_from_values(schema, [{"x": None}, {}, {"x": 0}])["x"]
    assert masked.present.tolist() == [False, False, True]
    assert len(columns_from_values(schema, [])["x"]) == 0


def test_only_columns_that_models_read_are_made_each_once():
    features = (
        Feature(name="age", entity=Entity.USER, kind=Kind.NUMBER, transform=LogStandardise()),
        Feature(name="bin", entity=Entity.USER, kind=Kind.NUMBER, column="age", transform=Bucketise(edges=(18.0,))),
        Feature(name="shown", entity=Entity.USER, kind=Kind.TEXT),
        Feature(name="last", entity=Entity.USER, kind=Kind.ID, transform=History()),
    )
    columns = columns_from_values(Schema(features=features), [{"age": 18, "shown": "x", "last": ["a"]}])
    assert list(columns) == ["age"]
    assert columns["age"].dtype == np.float64
