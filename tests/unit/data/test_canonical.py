from dataclasses import replace

import pytest

from winnow.data.canonical import canonical_schema, raw_columns
from winnow.data.retail_demo_store import RETAIL_SCHEMA
from winnow.schema.errors import DataError
from winnow.schema.feature import Entity, Feature, Kind
from winnow.schema.places import Places
from winnow.schema.schema import Schema


def with_feature(schema: Schema, **values) -> Schema:
    return replace(schema, features=(*schema.features, Feature(**values)))


def test_a_canonical_schema_is_its_own_canonical_schema(schema):
    for each in (schema, RETAIL_SCHEMA):
        once = canonical_schema(each)
        assert canonical_schema(once) == once
        assert canonical_schema(once).digest == once.digest


def test_keys_and_the_time_are_not_asked_for_twice(schema):
    assert raw_columns(schema, Entity.ITEM) == ("price", "look", "name")
    assert raw_columns(schema, Entity.CONTEXT) == ("device",)
    assert raw_columns(schema, Entity.USER) == ("age",)


@pytest.mark.parametrize("setting", ["title", "available"])
def test_a_setting_cannot_name_a_column_whose_name_is_kept_for_the_key(schema, setting):
    assert getattr(canonical_schema(replace(schema, **{setting: "in_stock"})), setting) == "in_stock"
    with pytest.raises(DataError, match=f"'{setting}' names the column 'item_id', but that .* calls 'sku'"):
        canonical_schema(replace(schema, **{setting: "item_id"}))


def test_a_time_feature_may_say_at_whatever_the_raw_column_is(schema):
    more = with_feature(schema, name="weekday", entity=Entity.CONTEXT, kind=Kind.TIME, column="at")
    assert raw_columns(more, Entity.CONTEXT) == ("device",)
    assert list(canonical_schema(more))[-1].column == "at"


def test_a_second_time_column_of_events_is_refused(schema):
    more = with_feature(schema, name="opened", entity=Entity.CONTEXT, kind=Kind.TIME)
    with pytest.raises(DataError, match=r"'opened' reads the time column 'opened'.*write column: when"):
        canonical_schema(more)


def test_an_error_begins_with_the_place_in_the_schema_file(schema):
    more = with_feature(schema, name="opened", entity=Entity.CONTEXT, kind=Kind.TIME)
    with pytest.raises(DataError, match=r"^shop\.yaml, line 9, column 5: The context feature 'opened'"):
        canonical_schema(more, Places({"features.opened": "shop.yaml, line 9, column 5"}))


@pytest.mark.parametrize(
    ("entity", "column"), [(Entity.USER, "user_id"), (Entity.ITEM, "item_id"), (Entity.CONTEXT, "event_type")]
)
def test_a_raw_column_may_not_take_the_name_of_a_key(schema, entity, column):
    more = with_feature(schema, name="taken", entity=entity, kind=Kind.CATEGORY, column=column)
    with pytest.raises(DataError, match=f"reads the column '{column}', but that name is kept"):
        canonical_schema(more)
