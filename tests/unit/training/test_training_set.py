"""Arrays of examples: the same as serving would make of the raw values, and masked by stated shares."""

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from tests.unit.training.planted import ITEMS, SCHEMA, planted_dataset
from winnow.data.dataset import Dataset
from winnow.features.columns import columns_from_values
from winnow.features.feature_arrays import FeatureArrays
from winnow.schema.errors import SchemaError
from winnow.schema.feature import Entity, Feature, Kind
from winnow.schema.transform import MISSING_CODE, Vocabulary
from winnow.training.training_set import MASKED_SHARE, TrainingSet, training_set, without_empty


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    return planted_dataset()


@pytest.fixture(scope="module")
def data(dataset: Dataset) -> TrainingSet:
    return training_set(dataset, dataset.events)


def as_served(data: TrainingSet, entity: Entity, rows: list[dict[str, object]]) -> FeatureArrays:
    """What the service makes of JSON values."""
    return data.fitted[entity].packed(columns_from_values(data.schema.of(entity), rows), len(rows))


def without(dataset: Dataset, *entities: Entity) -> Dataset:
    kept = tuple(feature for feature in dataset.schema.features if feature.entity not in entities)
    return replace(dataset, schema=replace(dataset.schema, features=kept))


def test_contexts_of_examples_are_what_the_service_makes_of_their_raw_values(data: TrainingSet, dataset: Dataset):
    raw = dataset.events.take(data.interactions.event_rows).select(["device", "at"]).to_pylist()
    served = as_served(data, Entity.CONTEXT, raw)
    np.testing.assert_array_equal(data.contexts.codes, served.codes)
    np.testing.assert_array_equal(data.contexts.values, served.values)


def test_items_are_what_the_service_makes_of_their_raw_values(data: TrainingSet, dataset: Dataset):
    served = as_served(data, Entity.ITEM, dataset.items.to_pylist())
    for name, array in {"item_codes": served.codes, "item_values": served.values, **served.vectors}.items():
        key = name if name.startswith("item_") else f"item_vector_{name}"
        np.testing.assert_array_equal(data.item_arrays(np.arange(ITEMS))[key], array, err_msg=key)


def test_users_of_examples_have_their_own_row_and_unknown_users_the_last_one(data: TrainingSet, dataset: Dataset):
    raw = {row["user_id"]: row for row in dataset.users.to_pylist()}
    rows = [raw.get(user, {}) for user in data.interactions.user_ids[data.interactions.users]]
    served = as_served(data, Entity.USER, rows)
    np.testing.assert_array_equal(data.users.codes[data.user_rows], served.codes)
    np.testing.assert_array_equal(data.users.values[data.user_rows], served.values)
    guests = [user.startswith("guest") for user in data.interactions.user_ids[data.interactions.users]]
    assert (data.user_rows == len(data.user_ids)).tolist() == guests


def test_five_in_a_hundred_users_and_separately_every_category_are_masked(data: TrainingSet):
    known = np.flatnonzero(data.user_rows < len(data.user_ids))
    examples = np.resize(known, 20_000)
    arrays = data.request_arrays(examples, np.random.default_rng(0))
    missing = data.fitted[Entity.USER].missing()
    no_user = (arrays["user_values"] == missing.values).all(axis=1)
    no_shirt = arrays["user_codes"][:, 0] == MISSING_CODE
    no_device = arrays["context_codes"][:, 0] == MISSING_CODE
    assert no_user.mean() == pytest.approx(MASKED_SHARE, rel=0.1)
    assert (no_user <= no_shirt).all()
    assert no_shirt[~no_user].mean() == pytest.approx(MASKED_SHARE, rel=0.1)
    assert no_device.mean() == pytest.approx(MASKED_SHARE, rel=0.1)
    assert (no_shirt[~no_user] & no_device[~no_user]).mean() == pytest.approx(MASKED_SHARE**2, rel=0.5)
    rows = data.user_rows[examples]
    np.testing.assert_array_equal(arrays["user_codes"][~no_shirt], data.users.codes[rows][~no_shirt])
    np.testing.assert_array_equal(arrays["user_values"][~no_user], data.users.values[rows][~no_user])
    np.testing.assert_array_equal(arrays["context_codes"][~no_device], data.contexts.codes[examples][~no_device])
    np.testing.assert_array_equal(arrays["context_values"], data.contexts.values[examples])


def test_categories_of_one_row_are_masked_one_by_one(dataset: Dataset):
    """With two columns of the context, one of them may be missing while the other is there."""
    clock = Feature(name="clock", entity=Entity.CONTEXT, kind=Kind.CATEGORY, transform=Vocabulary(), column="device")
    data = training_set(
        replace(dataset, schema=replace(dataset.schema, features=(*SCHEMA.features, clock))), dataset.events
    )
    codes = data.request_arrays(np.resize(np.arange(1000), 20_000), np.random.default_rng(0))["context_codes"]
    one, other = (codes == MISSING_CODE).T
    assert (one & ~other).mean() == pytest.approx(MASKED_SHARE * (1 - MASKED_SHARE), rel=0.1)
    assert (one & other).mean() == pytest.approx(MASKED_SHARE**2, rel=0.4)


def test_masks_follow_the_seed_and_leave_the_data_as_it_was(data: TrainingSet):
    before, users = data.contexts.codes.copy(), data.users.codes.copy()
    examples = np.arange(500)
    first, again, other = (data.request_arrays(examples, np.random.default_rng(seed)) for seed in (3, 3, 4))
    for name, array in first.items():
        np.testing.assert_array_equal(array, again[name])
    assert (first["user_codes"] != other["user_codes"]).any()
    np.testing.assert_array_equal(data.contexts.codes, before)
    np.testing.assert_array_equal(data.users.codes, users)


def test_widths_that_models_are_built_with_are_those_of_the_arrays(data: TrainingSet):
    request = data.request_arrays(np.arange(3), np.random.default_rng(0))
    user, context, item = (data.inputs(entity) for entity in (Entity.USER, Entity.CONTEXT, Entity.ITEM))
    assert request["user_codes"].shape == (3, len(user.codes))
    assert request["user_values"].shape == (3, user.values)
    assert request["context_codes"].shape == (3, len(context.codes))
    assert request["context_values"].shape == (3, context.values)
    for codes, arrays in ((user.codes, data.users), (context.codes, data.contexts), (item.codes, data.items)):
        assert (arrays.codes.max(axis=0) < codes).all()
    assert item.vectors == {"picture": 3}


def test_item_arrays_take_rows_of_any_shape(data: TrainingSet):
    rows = np.array([[5, 0], [7, 7], [1, 59]])
    table, flat = data.item_arrays(rows), data.item_arrays(rows.ravel())
    assert list(table) == ["item_codes", "item_values", "item_vector_picture"]
    for name, array in table.items():
        np.testing.assert_array_equal(array.reshape(flat[name].shape), flat[name])


def test_what_a_shop_does_not_have_is_no_input(dataset: Dataset):
    bare = without(dataset, Entity.USER, Entity.CONTEXT)
    data = training_set(replace(bare, users=pa.table({"user_id": pa.array([], pa.string())})), dataset.events)
    assert data.request_arrays(np.arange(4), np.random.default_rng(0)) == {}
    assert (data.user_rows == 0).all()
    assert without_empty({"a": np.zeros((3, 0)), "b": np.zeros((0, 2))}).keys() == {"b"}


def test_context_features_are_fitted_on_the_training_events_alone(dataset: Dataset):
    late = dataset.events.num_rows - 100
    devices = np.array(dataset.events["device"].to_pylist(), object)
    devices[late:] = "watch"
    events = dataset.events.set_column(
        dataset.events.column_names.index("device"), "device", pa.array(devices.tolist(), pa.string())
    )
    data = training_set(replace(dataset, events=events), events.slice(0, late))
    assert as_served(data, Entity.CONTEXT, [{"device": "watch"}]).codes.tolist() == [[1]]
    assert len(data.interactions) == late


def test_items_that_models_cannot_tell_apart_are_refused(dataset: Dataset):
    with pytest.raises(SchemaError, match="No feature of the item has a transform"):
        training_set(without(dataset, Entity.ITEM), dataset.events)


@pytest.mark.parametrize(("table", "column"), [("users", "age"), ("items", "picture"), ("events", "device")])
def test_what_is_missing_in_all_rows_is_read_by_no_model(dataset: Dataset, table: str, column: str):
    rows = getattr(dataset, table)
    place, values = rows.column_names.index(column), rows[column]
    emptied = rows.set_column(place, column, pa.nulls(rows.num_rows, values.type))
    whole, data = (training_set(each, each.events) for each in (dataset, replace(dataset, **{table: emptied})))
    for entity in whole.fitted:
        names = [each.name for each in whole.fitted[entity].features]
        assert [each.name for each in data.fitted[entity].features] == [each for each in names if each != column]
    assert data.schema == dataset.schema


def test_what_is_missing_in_the_training_rows_alone_is_refused_with_numbers(dataset: Dataset):
    known = training_set(dataset, dataset.events).known_items
    prices = [None if row in set(known.tolist()) else 1.0 for row in range(ITEMS)]
    items = dataset.items.set_column(2, "price", pa.array(prices, pa.float64()))
    with pytest.raises(SchemaError, match=f"'price', in which all {len(known)} rows are missing"):
        training_set(replace(dataset, items=items), dataset.events)
