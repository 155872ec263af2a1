from dataclasses import replace

import pytest

from winnow.data.retail_demo_store_view import retail_demo_store_view
from winnow.schema.feature import Entity
from winnow.schema.schema import EventType

ITEMS, USERS, EVENTS = "items.csv.gz", "users.csv.gz", "interactions.parquet"


def test_the_columns_are_the_layouts_in_its_order(validate):
    tables = retail_demo_store_view(validate()).tables
    assert tables[USERS].column_names == ["USER_ID", "AGE", "GENDER"]
    assert tables[ITEMS].column_names[:4] == ["ITEM_ID", "PRICE", "CATEGORY_L1", "CATEGORY_L2"]
    assert tables[EVENTS].column_names == ["ITEM_ID", "USER_ID", "EVENT_TYPE", "TIMESTAMP"]


def test_the_title_is_the_product_name_and_what_is_not_known_is_empty_and_said(validate):
    view = retail_demo_store_view(validate())
    assert view.tables[ITEMS]["PRODUCT_NAME"].to_pylist() == [f"Item {n}" for n in range(4)]
    assert view.tables[ITEMS]["GENDER"].null_count == 4
    assert f"{USERS}: GENDER left empty, for the data set has no such column." in view.losses
    empty = "CATEGORY_L1 and CATEGORY_L2 and PRODUCT_DESCRIPTION and GENDER and PROMOTED"
    assert f"{ITEMS}: {empty} left empty, for the data set has no such column." in view.losses


def test_clicks_and_views_open_a_product_page_and_times_lose_their_fractions(validate, schema, events):
    for event, word in zip(events, EventType, strict=False):
        event["what"] = word
        event["when"] += 0.75
    types = {each: each for each in EventType}
    view = retail_demo_store_view(validate(_with_types(schema, {**schema.events.types, **types})))
    first = view.tables[EVENTS].slice(0, 6).to_pydict()
    assert first["EVENT_TYPE"] == ["Impression", "View", "View", "AddToCart", "Purchase", "Dismiss"]
    assert first["TIMESTAMP"] == [1_767_268_800 + n for n in range(6)]
    told = "impression is Impression, click is View, dismiss is Dismiss."
    assert f"{EVENTS}: EVENT_TYPE has the layout's words as far as it has any: {told}" in view.losses
    assert f"{EVENTS}: TIMESTAMP has whole seconds, rounded down." in view.losses


@pytest.mark.parametrize(("ages", "written"), [([31, None, 40], [31, None, 40]), ([30.5, None, 40], [30.5, None, 40])])
def test_an_age_is_a_whole_number_where_all_are(validate, users, ages, written):
    for user, age in zip(users, ages, strict=True):
        user["age"] = age
    column = retail_demo_store_view(validate()).tables[USERS]["AGE"]
    assert column.to_pylist() == written
    assert str(column.type) == ("int64" if 31 in ages else "double")


def test_a_shop_without_users_is_told_so(validate, schema):
    kept = tuple(each for each in schema.features if each.entity is not Entity.USER)
    view = retail_demo_store_view(validate(replace(schema, features=kept), users=None))
    assert view.tables[USERS].num_rows == 0
    assert f"{USERS}: no rows, for the data set knows nothing about its users." in view.losses


def _with_types(schema, types):
    return replace(schema, events=replace(schema.events, types=types))
