import re
from dataclasses import replace

import pyarrow as pa
import pytest

from winnow.data.retail_demo_store import RETAIL_SCHEMA
from winnow.schema.errors import DataError
from winnow.schema.feature import Entity, Feature, Kind
from winnow.schema.schema import Schema


def message_of(validate, **tables):
    with pytest.raises(DataError) as caught:
        validate(**tables)
    return str(caught.value)


def finding_of(dataset):
    (finding,) = dataset.report.findings
    return finding


def test_a_good_shop_comes_out_whole_in_the_form_of_a_dataset(validate):
    dataset = validate()
    assert dataset.users.to_pylist()[1] == {"user_id": "u1", "age": 31.0}
    assert dataset.items.to_pylist()[1] == {"item_id": "i1", "price": 1.5, "look": [1.0, 1.0], "name": "Item 1"}
    first = {"user_id": "u0", "item_id": "i0", "event_type": "view", "at": 1767268800.0, "device": "mobile"}
    assert dataset.events.to_pylist()[0] == first
    assert dataset.report.findings == ()
    assert dataset.report.rows_kept == dataset.report.rows_read == {"users": 3, "items": 4, "events": 12}


def test_the_schema_of_a_dataset_speaks_of_its_own_columns(validate):
    schema = validate().schema
    assert {feature.name: feature.column for feature in schema if feature.name in {"item", "hour"}} == {
        "item": "item_id",
        "hour": "at",
    }
    assert (schema.user_key, schema.item_key, schema.events.time, schema.events.time_unit) == (
        "user_id",
        "item_id",
        "at",
        "s",
    )


def test_events_are_sorted_by_time_and_ties_keep_their_order(validate, events):
    for event in events:
        event["when"] = events[0]["when"]
    events[-1]["when"] -= 5
    items = validate().events["item_id"].to_pylist()
    assert items == ["i3", *[f"i{n % 4}" for n in range(11)]]


def test_columns_that_nobody_asked_for_are_named(validate, events):
    events[0]["discount"] = "No"
    assert validate().report.unused == {"events": ("discount",)}


def test_a_missing_column_is_named_with_those_that_are_there(validate, items):
    for item in items:
        item["cost"] = item.pop("price")
    text = message_of(validate)
    assert "The items table has no column 'price', which the feature 'price' reads" in text
    assert "it has: sku, look, name, cost" in text


@pytest.mark.parametrize("column", ["who", "sku", "what", "when", "device"])
def test_each_missing_column_of_events_is_an_error(validate, events, column):
    for event in events:
        del event[column]
    assert f"The events table has no column '{column}'" in message_of(validate)


def test_a_column_that_is_there_twice_is_an_error(validate, users):
    table = pa.table([["u0"], [1], [2]], names=["who", "age", "age"])
    assert "The users table has 2 columns named 'age'" in message_of(validate, users=table)


def test_a_price_in_words_is_an_error_with_count_and_example(validate, items):
    for item, price in zip(items, ["1.5", "12 EUR", "free", "3"], strict=True):
        item["price"] = price
    text = message_of(validate)
    assert "In items, 2 of 4 values of 'price' (stored as string) cannot be read as a number" in text
    assert "first row 2 (sku=i1, price=12 EUR" in text


def test_a_vector_of_another_width_is_an_error(validate, items):
    items[2]["look"] = [1.0]
    assert "1 of 4 values of 'look'" in message_of(validate)
    assert "cannot be read as a vector of 2 finite numbers: first row 3 (" in message_of(validate)


def test_a_negative_price_is_an_error_when_its_logarithm_is_wanted(validate, items):
    items[3]["price"] = -1.0
    assert "1 of 4 values of 'price' are negative" in message_of(validate)


def test_missing_values_of_features_are_no_problem(validate, users, items, events):
    users[0]["age"] = items[0]["price"] = items[1]["look"] = events[0]["device"] = None
    dataset = validate()
    assert dataset.report.findings == ()
    assert dataset.items["look"].null_count == dataset.items["price"].null_count == 1


def test_all_problems_are_told_at_once(validate, users, items, events):
    users[1]["who"] = "u0"
    items[0]["price"] = -1.0
    for event in events:
        del event["device"]
    text = message_of(validate)
    assert text.startswith("The data in a test cannot be used, 3 problems:\n- ")
    assert [re.search(word, text) is not None for word in ("earlier row", "negative", "'device'")] == [True] * 3


def test_a_key_that_occurs_twice_is_an_error_with_its_row(validate, items):
    items[3]["sku"] = "i1"
    text = message_of(validate)
    assert "In items, 1 of 4 rows have a sku that an earlier row has: first row 4 (sku=i1, price=4.5" in text


def test_items_without_a_key_are_dropped_and_reported(validate, items):
    items.append({**items[0], "sku": None})
    dataset = validate()
    assert dataset.items.num_rows == 4
    finding = finding_of(dataset)
    assert (finding.table, finding.problem, finding.count, finding.action) == (
        "items",
        "rows have no sku",
        1,
        "dropped",
    )
    assert finding.example.startswith("row 5 (sku=missing, ")


def test_mostly_missing_keys_are_an_error(validate, users):
    for user in users[1:]:
        user["who"] = None
    assert "In users, 2 of 3 rows have no who" in message_of(validate)


@pytest.mark.parametrize("column", ["who", "sku", "when"])
def test_events_without_a_key_or_time_are_dropped_and_reported(validate, events, column):
    events[4][column] = None
    dataset = validate()
    assert dataset.events.num_rows == 11
    assert (finding_of(dataset).problem, finding_of(dataset).count) == (f"rows have no {column}", 1)


def test_events_of_unknown_items_are_dropped_and_reported(validate, events):
    events[2]["sku"] = events[5]["sku"] = "gone"
    dataset = validate()
    assert dataset.events.num_rows == 10
    assert (finding_of(dataset).count, finding_of(dataset).action) == (2, "dropped")
    assert "sku=gone" in finding_of(dataset).example


def test_mostly_unknown_items_are_an_error(validate, events):
    for event in events[:7]:
        event["sku"] = "gone"
    text = message_of(validate)
    assert "7 of 12 rows name an item that the items table does not have" in text
    assert "more than half" in text


def test_events_of_unknown_users_are_kept_and_reported(validate, events):
    events[1]["who"] = "visitor"
    dataset = validate()
    assert "visitor" in dataset.events["user_id"].to_pylist()
    assert (finding_of(dataset).count, finding_of(dataset).action) == (1, "kept")


def test_users_of_whom_none_is_known_are_an_error(validate, users):
    for user in users:
        user["who"] = user["who"].upper()
    assert "12 of 12 rows name a user that the users table does not have" in message_of(validate)


def test_exact_repetitions_are_dropped_and_reported_and_the_next_second_is_another_event(validate, events):
    events += [dict(events[0]), {**events[0], "device": "desktop"}, {**events[0], "when": events[0]["when"] + 99}]
    dataset = validate()
    assert dataset.events.num_rows == 13
    assert (finding_of(dataset).count, finding_of(dataset).action) == (2, "dropped")
    assert "desktop" not in dataset.events["device"].to_pylist()


def test_event_types_without_a_meaning_are_dropped_and_named_with_their_counts(validate, events):
    for event in events[:8]:
        event["what"] = "checkout"
    events[8]["what"] = None
    dataset = validate()
    assert dataset.events.num_rows == 3
    assert finding_of(dataset).count == 9
    assert "(checkout 8, missing 1)" in finding_of(dataset).problem


def test_events_without_a_single_positive_are_an_error(validate, events):
    for event in events:
        event["what"] = "looked"
    assert "Of 12 events, 12 can be used and none is a positive (click)" in message_of(validate)


@pytest.mark.parametrize("table", ["users", "items", "events"])
def test_an_empty_table_is_an_error(validate, request, table):
    empty = pa.Table.from_pylist(request.getfixturevalue(table)).slice(0, 0)
    text = message_of(validate, **{table: empty})
    assert "1 problem:" in text
    assert f"The {table} table is empty" in text


def test_a_shop_may_know_nothing_about_its_users(validate, schema):
    bare = Schema(
        features=tuple(each for each in schema if each.entity is not Entity.USER),
        events=schema.events,
        user_key=schema.user_key,
        item_key=schema.item_key,
        title=schema.title,
    )
    dataset = validate(bare, users=None)
    assert dataset.users.num_rows == 0
    assert dataset.users.column_names == ["user_id"]
    assert dataset.report.findings == ()


def test_a_user_feature_without_a_users_table_is_an_error(validate):
    assert "users table is empty" in message_of(validate, users=None)


def test_ids_that_one_file_stores_as_floats_still_match(validate, users, events):
    for n, user in enumerate(users):
        user["who"] = n
    for n, event in enumerate(events):
        event["who"] = float(n % 3)
    dataset = validate()
    assert dataset.events["user_id"].to_pylist()[:3] == ["0", "1", "2"]
    assert (finding_of(dataset).count, finding_of(dataset).action) == (12, "repaired")


def test_a_shop_without_event_types_has_positives_only(validate, schema):
    events = Schema(
        features=schema.features,
        events=type(schema.events)(user="who", item="sku", time="when", type=None),
        user_key="who",
        item_key="sku",
        title="name",
    )
    assert set(validate(events).events["event_type"].to_pylist()) == {"click"}


def test_a_column_that_features_read_as_two_kinds_is_an_error(validate, schema):
    more = Feature(name="age_word", entity=Entity.USER, kind=Kind.CATEGORY, column="age")
    both = Schema(features=(*schema.features, more), events=schema.events, user_key="who", item_key="sku", title="name")
    with pytest.raises(DataError, match=r"read the column 'age' of users both as a number and as text"):
        validate(both)


def test_the_retail_schema_keeps_its_column_names():
    assert RETAIL_SCHEMA.columns(Entity.CONTEXT) == ("at",)


def test_a_visitor_without_a_user_goes_by_the_session_and_is_nobodys_namesake(schema, validate, events):
    sessions = replace(schema, events=replace(schema.events, session="visit"))
    for row in events:
        row["visit"] = 7
    events[1]["who"] = events[3]["who"] = None
    dataset = validate(sessions)
    assert dataset.events["user_id"].to_pylist()[:4] == ["u0", "session:7", "u2", "session:7"]
    assert dataset.report.findings == ()


def test_a_row_without_user_and_session_is_dropped_and_counted(schema, validate, events):
    for number, row in enumerate(events):
        row["visit"] = None if number == 1 else f"s{number}"
    events[1]["who"] = None
    dataset = validate(replace(schema, events=replace(schema.events, session="visit")))
    assert dataset.events.num_rows == len(events) - 1
    assert dataset.report.findings[0].count == 1


def test_the_column_that_says_whether_items_are_available_is_read_and_counts_in_the_digest(schema, validate, items):
    stocked = replace(schema, available="in_stock")
    for item, word in zip(items, ["true", "0", None, "n/a"], strict=True):
        item["in_stock"] = word
    dataset = validate(stocked)
    assert dataset.schema.available == "in_stock"
    assert dataset.items["in_stock"].to_pylist() == [True, False, None, None]
    items[0]["in_stock"] = "false"
    assert validate(stocked).digest != dataset.digest
    items[0]["in_stock"] = "sold out"
    problem = r"1 of 4 values of 'in_stock' \(stored as string\) cannot be read as true or false: first row 1 \(sku=i0"
    with pytest.raises(DataError, match=problem):
        validate(stocked)


def test_a_column_cannot_be_a_number_to_models_and_say_whether_items_are_available(schema, validate):
    with pytest.raises(DataError, match=r"both as a number and as true or false.*'price' reads.* and available names"):
        validate(replace(schema, available="price"))
