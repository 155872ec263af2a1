from math import log1p

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings

from tests.unit.features.click_rows import ROWS, rows_of
from winnow.features.category_limits import CategoryLimits
from winnow.features.fit_click_features import fit_click_features
from winnow.features.fit_vocabulary import fit_vocabulary
from winnow.features.rows import Rows
from winnow.schema.errors import SchemaError
from winnow.schema.feature import Entity, Feature, Kind
from winnow.schema.transform import Vocabulary

NAN = float("nan")
ALL = CategoryLimits(min_count=1, max_size=100, tail_buckets=2)


def known(features):
    return {each.name: each.transform.known for each in features.fitted.features if hasattr(each.transform, "known")}


def test_numbers_are_standardised_after_the_signed_logarithm():
    rows = rows_of([[0], [-1], [NAN], [100]], a=["u"] * 4)
    features, _ = fit_click_features(rows)
    logs = np.array([0, -log1p(1), log1p(100)])
    transform = features.fitted.features[0].transform
    assert (transform.mean, transform.deviation) == pytest.approx((logs.mean(), logs.std()))
    values = features(rows).values[:, 0]
    assert values[[0, 1, 3]].mean() == pytest.approx(0, abs=1e-6)
    assert values[[0, 1, 3]].std() == pytest.approx(1)


def test_the_most_frequent_come_first_and_ties_go_by_value():
    rows = rows_of(np.zeros((7, 1)), a=["b", "c", "c", "a", None, "b", "a"])
    assert known(fit_click_features(rows, ALL)[0]) == {"a": ("a", "b", "c")}
    assert known(fit_click_features(rows_of(np.zeros((4, 1)), a=["a", "b", "b", "9"]), ALL)[0]) == {
        "a": ("b", "9", "a")
    }


@settings(max_examples=20)
@given(ROWS)
def test_a_vocabulary_is_the_one_that_other_features_would_learn(rows):
    features, _ = fit_click_features(rows, CategoryLimits(min_count=2, max_size=100, tail_buckets=2))
    feature = Feature(name="a", entity=Entity.CONTEXT, kind=Kind.CATEGORY, transform=Vocabulary(min_count=2))
    with Rows(rows.categories) as asked:
        assert known(features)["a"] == fit_vocabulary(feature, feature.transform, asked).known


def test_rare_values_are_in_the_tail():
    rows = rows_of(np.zeros((5, 1)), a=["a", "a", "a", "b", "c"])
    assert known(fit_click_features(rows, CategoryLimits(min_count=2))[0]) == {"a": ("a",)}


def test_whole_logarithms_are_known_as_values_are():
    rows = rows_of([[0], [1], [20], [22], [-1], [9], [NAN]], a=["u"] * 7)
    for min_count, wholes in ((1, (0, 3, -1, 2)), (2, (0, 3)), (3, ())):
        features, _ = fit_click_features(rows, CategoryLimits(min_count=min_count))
        assert features.fitted.features[0].transform.wholes == wholes


def test_of_a_part_only_its_own_rows_are_counted():
    rows = rows_of(np.zeros((4, 1)), a=["a", "b", "z", "z"])
    part = rows_of(np.zeros((2, 1)), a=["a", "b"])
    sliced = type(rows)(rows.numbers[:2], rows.number_names, rows.categories.slice(0, 2))
    assert fit_click_features(sliced, ALL) == fit_click_features(part, ALL)


def test_a_vocabulary_beyond_its_limit_is_cut_with_a_warning():
    rows = rows_of([[0], [1]] * 5, a=["a"] * 4 + ["b"] * 3 + ["c"] * 2 + ["d"])
    features, warnings = fit_click_features(rows, CategoryLimits(min_count=1, max_size=2, tail_buckets=3))
    assert known(features) == {"a": ("a", "b")}
    (warning,) = warnings
    assert "'a' has 4 values in at least 1 training rows, more than the 2 that may have codes of their own" in warning
    assert "the other 2, in 3 rows, share the 3 codes of the tail. Raise max_size or min_count" in warning
    assert features(rows).codes.max() < features.code_sizes["a"] == 6


def test_columns_that_say_nothing_are_warned_of_and_do_no_harm():
    rows = rows_of([[5, NAN], [5, NAN], [NAN, NAN]], a=["u", "u", None], b=[None] * 3)
    features, warnings = fit_click_features(rows, ALL)
    assert [warning.split(" training rows")[0] for warning in warnings] == [
        "The column 'x' has one and the same value in 2 of 3",
        "The column 'y' has no value in any of the 3",
        "The column 'a' has one and the same value in 2 of 3",
        "The column 'b' has no value in any of the 3",
    ]
    arrays = features(rows)
    assert arrays.values.tolist() == [[0, 0, 0, 1], [0, 0, 0, 1], [0, 1, 0, 1]]
    assert arrays.codes.tolist() == [[1, 0, 1, 0], [1, 0, 1, 0], [0, 0, 0, 0]]


def test_plain_text_is_read_as_dictionaries_are():
    rows = rows_of(np.zeros((3, 1)), a=["a", None, "b"])
    plain = type(rows)(rows.numbers, rows.number_names, pa.table({"a": pa.array(["a", None, "b"])}))
    assert fit_click_features(plain, ALL) == fit_click_features(rows, ALL)


def test_no_rows_are_refused():
    with pytest.raises(SchemaError, match="There are no training rows"):
        fit_click_features(rows_of(np.zeros((0, 1)), a=[]))


@pytest.mark.parametrize("limit", ["min_count", "max_size", "tail_buckets"])
def test_limits_are_at_least_one(limit):
    with pytest.raises(SchemaError, match=f"'{limit}' is 0; at least 1 is wanted"):
        CategoryLimits(**{limit: 0})
