"""Apply, save and load."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.features.click_rows import ROWS, rows_of
from winnow.features.category_limits import CategoryLimits
from winnow.features.click_features import ClickFeatures
from winnow.features.columns import columns_of
from winnow.features.fit_click_features import fit_click_features
from winnow.schema.errors import BundleError, SchemaError

NAN = float("nan")
LIMITS = st.builds(
    CategoryLimits, min_count=st.integers(1, 3), max_size=st.integers(1, 3), tail_buckets=st.integers(1, 5)
)


@pytest.fixture
def features():
    rows = rows_of([[0, 1], [NAN, 2], [9, 3]], a=["red", "red", None], b=["u", "v", "w"])
    return fit_click_features(rows, CategoryLimits(min_count=2, max_size=10, tail_buckets=4))[0]


def test_columns_are_named_and_have_a_size(features):
    assert features.value_names == ("x", "x_missing", "y", "y_missing")
    assert features.code_sizes == {"x_whole": 1, "y_whole": 2, "a": 6, "b": 5}


def test_values_that_training_has_not_seen_are_in_the_tail(features):
    arrays = features(rows_of([[NAN, 1], [5, NAN]], a=["blue", "red"], b=[None, "u"]))
    assert arrays.values[:, [1, 3]].tolist() == [[1, 0], [0, 1]]
    assert arrays.values[0, 0] == arrays.values[1, 2] == 0
    assert arrays.codes[:, 1].tolist() == [1, 0]
    assert 2 <= arrays.codes[0, 2] < 6
    assert (arrays.codes[1, 2], arrays.codes[0, 3]) == (1, 0)
    assert (arrays.codes.dtype, arrays.values.dtype) == (np.int32, np.float32)
    assert arrays.codes.flags.c_contiguous
    assert arrays.values.flags.c_contiguous


def test_the_rate_of_a_value_is_a_number_after_those_of_the_numbers():
    rows = rows_of([[0]] * 6, a=["red", "red", "red", "blue", None, None])
    clicked = np.array([1, 1, 0, 0, 1, 0], bool)
    features, _ = fit_click_features(rows, CategoryLimits(min_count=3), clicked)
    assert features.value_names == ("x", "x_missing", "a_rate")
    assert features.rates == 1
    said = features(rows_of([[0]] * 4, a=["blue", "red", None, "green"])).values[:, 2]
    # The usual rate is 1/2; ten rows of it stand beside a value's own.
    assert said.tolist() == pytest.approx([np.log(5 / 6), np.log(7 / 6), 0, 0])


def test_no_rows_give_no_rows(features):
    arrays = features(rows_of(np.zeros((0, 2)), a=[], b=[]))
    assert (arrays.values.shape, arrays.codes.shape) == ((0, 4), (0, 4))


@given(ROWS, ROWS, LIMITS)
def test_coding_each_value_once_is_coding_each_row(train, rows, limits):
    features, _ = fit_click_features(train, limits, np.arange(len(train.numbers)) % 3 == 0)
    table = pa.table(dict(zip(rows.number_names, rows.numbers.T.copy(), strict=True)) | rows.categories.to_pydict())
    table = table.cast(pa.schema([*table.schema][:2] + [pa.field(name, pa.string()) for name in ("a", "b")]))
    slow = features.fitted.packed(columns_of(table, features.fitted.columns), len(table))
    fast = features(rows)
    assert fast.values.tobytes() == slow.values.tobytes()
    assert fast.codes.tobytes() == slow.codes.tobytes()
    assert (fast.codes < list(features.code_sizes.values())).all()


@given(ROWS, ROWS, LIMITS)
def test_what_is_loaded_gives_the_same_bits(tmp_path_factory, train, rows, limits):
    features, _ = fit_click_features(train, limits, np.arange(len(train.numbers)) % 3 == 0)
    folder = tmp_path_factory.mktemp("saved")
    features.save(folder)
    loaded = ClickFeatures.load(folder)
    assert loaded == features
    assert loaded(rows).values.tobytes() == features(rows).values.tobytes()
    assert loaded(rows).codes.tobytes() == features(rows).codes.tobytes()


def test_nothing_to_load_is_a_sentence(tmp_path):
    with pytest.raises(BundleError, match="cannot be read"):
        ClickFeatures.load(tmp_path)


def test_rows_of_another_form_are_refused(features):
    with pytest.raises(SchemaError, match="have the columns x, y, a, c; the features were fitted on x, y, a, b"):
        features(rows_of([[0, 1]], a=["red"], c=["u"]))
