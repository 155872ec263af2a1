"""Fitting on tables, against slow counting."""

from collections import Counter
from statistics import fmean, pstdev

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from winnow.features.columns import columns_of
from winnow.features.fit import fit_features
from winnow.schema.errors import SchemaError
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


def fit_one(values: pa.Array, kind: Kind, transform, **more):
    schema = Schema(features=(Feature(name="x", entity=Entity.ITEM, kind=kind, transform=transform, **more),))
    return fit_features(schema, Entity.ITEM, pa.table({"x": values}))


@settings(max_examples=20)
@given(st.lists(st.sampled_from(["a", "b", "ä", "B", "", None]), min_size=1), st.integers(1, 3), st.none() | st.just(2))
def test_a_vocabulary_is_ordered_by_count_then_value(values, min_count, max_size):
    table = [*values, "a"]
    (feature,) = fit_one(pa.array(table), Kind.CATEGORY, Vocabulary(min_count=min_count, max_size=max_size)).features
    counts = Counter(value for value in table if value)
    wanted = sorted((value for value in counts if counts[value] >= min_count), key=lambda each: (-counts[each], each))
    assert feature.transform.known == tuple(wanted[:max_size])


@pytest.mark.parametrize(
    "values",
    [
        pa.array([7, 7, None, 5], pa.int64()),
        pa.array([7.0, 7.0, float("nan"), 5.0]),
        pa.array(["7", "7", None, "5"], pa.large_string()),
        pa.array(["7", "7", None, "5"]).dictionary_encode(),
    ],
)
def test_one_category_has_one_text_whatever_its_column_type(values):
    assert fit_one(values, Kind.CATEGORY, Vocabulary()).features[0].transform.known == ("7", "5")


@settings(max_examples=20)
@given(st.lists(st.none() | st.floats(0, 1e6), min_size=1), st.booleans())
def test_mean_and_deviation_are_those_of_the_values_that_are_there(values, log):
    there = [value for value in values if value is not None] + [3.0]
    transform = LogStandardise() if log else Standardise()
    scaled = fit_one(pa.array([*values, 3.0]), Kind.NUMBER, transform).features[0].transform
    wanted = np.log1p(there).tolist() if log else there
    assert scaled.mean == pytest.approx(fmean(wanted), rel=1e-9, abs=1e-9)
    if len(set(wanted)) > 1:
        assert scaled.deviation == pytest.approx(pstdev(wanted), rel=1e-6)


def test_a_constant_becomes_zero():
    fitted = fit_one(pa.array([0.1] * 1000), Kind.NUMBER, Standardise())
    assert fitted({"x": np.array([0.1])}, 1)["x"].tolist() == pytest.approx([0.0], abs=1e-9)


@pytest.mark.parametrize(
    ("values", "kind", "transform", "message"),
    [
        (pa.nulls(3, pa.float64()), Kind.NUMBER, Standardise(), "column 'x', in which all 3 rows are missing"),
        (pa.nulls(2), Kind.CATEGORY, Vocabulary(), "in which all 2 rows are missing"),
        (pa.array([], pa.string()), Kind.TEXT, TextVector(), "in which all 0 rows are missing"),
        (pa.array([float("nan")] * 2), Kind.NUMBER, Standardise(), "has no number in any of 2 rows"),
        (pa.array([1.0, float("inf"), -1e200]), Kind.NUMBER, Standardise(), "has 2 values that are infinite or beyond"),
        (pa.array([1.0, -2.0, -7.0]), Kind.NUMBER, LogStandardise(), "has 2 negative values, for example -7"),
        (pa.array(["a"]), Kind.NUMBER, Standardise(), "of the Arrow type string; a number is made from numbers"),
        (pa.array([[1.0]]), Kind.CATEGORY, Vocabulary(), "a category is made from text or numbers"),
        (pa.array([1.0]), Kind.VECTOR, PassThrough(), "a vector is made from lists of numbers"),
        (pa.array([1]), Kind.TEXT, TextVector(), "a text is made from text"),
        (pa.array(["x"]), Kind.TIME, CyclicalHour(), "a time is made from instants"),
    ],
)
def test_a_column_that_cannot_be_fitted_is_named_with_a_count(values, kind, transform, message):
    with pytest.raises(SchemaError, match=message):
        fit_one(values, kind, transform)


def test_an_absent_column_is_named_with_those_that_are_there():
    with pytest.raises(SchemaError, match="column 'y', which the table does not have; it has: x"):
        fit_one(pa.array([1.0]), Kind.NUMBER, Standardise(), column="y")


def test_only_the_features_of_the_entity_that_models_read_are_fitted():
    features = (
        Feature(name="age", entity=Entity.USER, kind=Kind.NUMBER, transform=Standardise()),
        Feature(name="age_group", entity=Entity.USER, kind=Kind.NUMBER, column="age", transform=Bucketise(edges=(25,))),
        Feature(name="last_items", entity=Entity.USER, kind=Kind.ID, transform=History()),
        Feature(name="note", entity=Entity.USER, kind=Kind.TEXT),
        Feature(name="price", entity=Entity.ITEM, kind=Kind.NUMBER, transform=Standardise()),
    )
    table = pa.table({"age": [20, 30, 30]})
    fitted = fit_features(Schema(features=features), Entity.USER, table)
    assert fitted.columns == ("age",)
    arrays = fitted(columns_of(table, fitted.columns), 3)
    assert [output.name for output in fitted.outputs] == ["age", "age_missing", "age_group"]
    assert arrays["age_group"].tolist() == [2, 3, 3]
    np.testing.assert_allclose(arrays["age"], np.array([-2, 1, 1]) / np.sqrt(2), rtol=1e-6)


def test_a_column_that_is_read_as_number_and_as_category_is_refused():
    features = (
        Feature(name="age", entity=Entity.USER, kind=Kind.NUMBER, transform=Standardise()),
        Feature(name="age_group", entity=Entity.USER, kind=Kind.CATEGORY, column="age", transform=Vocabulary()),
    )
    with pytest.raises(SchemaError, match=r"'age' \(number\) and 'age_group' \(category\) read the same column 'age'"):
        fit_features(Schema(features=features), Entity.USER, pa.table({"age": [1.0]}))


def test_two_features_that_make_one_input_are_refused():
    features = (
        Feature(name="age", entity=Entity.USER, kind=Kind.NUMBER, transform=Standardise()),
        Feature(name="age_missing", entity=Entity.USER, kind=Kind.CATEGORY, transform=Vocabulary()),
    )
    with pytest.raises(SchemaError, match="make the input 'age_missing'; rename one"):
        fit_features(Schema(features=features), Entity.USER, pa.table({"age": [1.0], "age_missing": ["x"]}))
