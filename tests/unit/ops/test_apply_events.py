"""What came to a service, behind the events of a data set of three items; the oracle is what a person would say."""

import json

import pyarrow as pa
import pytest

from winnow.data.open_dataset import open_dataset
from winnow.data.write_dataset import write_dataset
from winnow.ops.apply_events import apply_events
from winnow.ops.apply_impressions import apply_impressions
from winnow.serving.event_log.served_part import SERVED_SCHEMA

SCHEMA = """\
tables: {items: things.csv, users: people.csv, events: clicks.csv}
events: {type: what, session: visit, types: {seen: view, bought: purchase}, positives: [view], time: at}
features:
  - {name: item, of: item, kind: id, column: item_id, transform: vocabulary}
  - {name: device, of: context, kind: category, transform: vocabulary}
  - {name: hour, of: context, kind: time, column: at, transform: cyclical_hour}
"""
IMPRESSIONS = """\
impressions: {outcome: came_of_it}
"""
AT = 1_767_268_800.0
NOW = AT + 86_400


@pytest.fixture
def shop(tmp_path):
    (tmp_path / "schema.yaml").write_text(SCHEMA)
    (tmp_path / "things.csv").write_text("item_id\na\nb\nc\n")
    (tmp_path / "people.csv").write_text("user_id\nann\nbob\n")
    rows = [f"ann,,a,seen,{AT},phone", f"bob,,b,bought,{AT + 1},", f",7,c,seen,{AT + 2},desktop"]
    (tmp_path / "clicks.csv").write_text("user_id,visit,item_id,what,at,device\n" + "\n".join(rows) + "\n")
    return tmp_path


def logged(*rows):
    """User, item, type, time, and the list that the event speaks of, where it speaks of one."""
    columns = zip(*((*row, "")[:5] for row in rows), strict=True) if rows else ([],) * 5
    kinds = (pa.string(), pa.string(), pa.string(), pa.float64(), pa.string())
    names = ("user_id", "item_id", "type", "at", "request_id")
    return pa.table({name: pa.array(each, kind) for name, each, kind in zip(names, columns, kinds, strict=True)})


def lists(*rows):
    """Name, user, time, context, and items with the probability of each."""
    told = [
        {
            "request_id": name,
            "user_id": user,
            "at": at,
            "context": json.dumps(context),
            "item_ids": list(items),
            "propensities": list(items.values()),
        }
        for name, user, at, context, items in rows
    ]
    return pa.Table.from_pylist(told, SERVED_SCHEMA)


def with_events(shop, table, coming=()):
    return apply_events(open_dataset(shop), table, lists(), NOW, coming)


def found(dataset):
    return [(each.problem, each.count, each.action) for each in dataset.report.findings]


def test_events_stand_by_time_among_those_of_the_data_set_and_their_context_is_missing(shop):
    table = logged(("ann", "b", "cart", AT + 1.5), ("session:9", "c", "dismiss", AT + 9), ("bob", "a", "view", AT))
    dataset = with_events(shop, table)
    assert [tuple(row.values()) for row in dataset.events.to_pylist()] == [
        ("ann", "a", "view", AT, "phone"),
        ("bob", "a", "view", AT, None),
        ("bob", "b", "purchase", AT + 1, None),
        ("ann", "b", "cart", AT + 1.5, None),
        ("session:7", "c", "view", AT + 2, "desktop"),
        ("session:9", "c", "dismiss", AT + 9, None),
    ]
    assert dataset.events.schema == open_dataset(shop).events.schema
    assert found(dataset) == [("came to the service", 3, "added")]


def test_what_cannot_be_used_is_dropped_and_counted(shop):
    table = logged(
        ("ann", "z", "view", AT),
        ("ann", "a", "hummed", AT),
        ("ann", "a", "view", 5.0),
        ("ann", "a", "view", NOW + 90_000),
        ("ann", "a", "view", AT),
        ("ann", "c", "view", AT + 3),
        ("ann", "c", "view", AT + 3),
        ("zoe", "c", "view", AT + 3),
    )
    dataset = with_events(shop, table)
    assert found(dataset) == [
        ("logged rows have a type that this program does not know", 1, "dropped"),
        ("logged rows have a time before 1995 or in the future", 2, "dropped"),
        ("logged rows name an item that the items table does not have", 1, "dropped"),
        ("logged rows name a user that the users table does not have", 1, "kept"),
        ("logged rows repeat the user, item, type and time of another row", 2, "dropped"),
        ("came to the service", 2, "added"),
    ]
    assert dataset.report.findings[2].example == f"(user_id=ann, item_id=z, event_type=view, at={AT})"
    assert dataset.events.num_rows == 5


def test_items_that_come_later_may_be_named(shop):
    dataset = with_events(shop, logged(("ann", "new", "view", AT)), coming=["new"])
    assert dataset.events["item_id"].to_pylist() == ["a", "new", "b", "c"]


def test_an_empty_log_changes_nothing(shop):
    before = open_dataset(shop)
    assert apply_events(before, logged(), lists(), NOW).digest == before.digest


def test_impressions_are_left_out_where_a_table_of_them_says_more(shop):
    table = logged(("ann", "b", "impression", AT), ("ann", "b", "view", AT))
    assert found(with_events(shop, table)) == [("came to the service", 2, "added")]
    schema = (shop / "schema.yaml").read_text().replace("clicks.csv}", "clicks.csv, impressions: shown.csv}")
    (shop / "schema.yaml").write_text(schema + IMPRESSIONS)
    (shop / "shown.csv").write_text(f"user_id,visit,item_id,at,device,came_of_it\nann,,a,{AT},phone,seen\n")
    assert found(with_events(shop, table))[-2:] == [
        ("logged rows are impressions of no list that was logged, or were reported before", 1, "dropped"),
        ("came to the service", 1, "added"),
    ]


SHOWN_SCHEMA = SCHEMA.replace("clicks.csv}", "clicks.csv, impressions: shown.csv}") + IMPRESSIONS


def shown(dataset):
    return [tuple(row.values()) for row in dataset.impressions.to_pylist()]


def test_what_was_shown_of_a_list_stands_with_its_place_context_and_the_strongest_outcome(shop):
    served = lists(
        ("r1", "ann", AT + 5, {"device": "phone"}, {"a": 1.0, "b": 0.5, "c": 0.25}),
        ("r2", "session:9", AT + 3, {}, {"c": 1.0}),
    )
    table = logged(
        ("ann", "a", "impression", AT + 6, "r1"),
        ("ann", "c", "impression", AT + 6, "r1"),
        ("ann", "c", "view", AT + 7, "r1"),
        ("ann", "c", "purchase", AT + 90, "r1"),
        ("ann", "c", "click", AT + 91, "r1"),
        ("session:9", "c", "impression", AT + 4, "r2"),
        ("session:9", "c", "dismiss", AT + 4, "r2"),
    )
    dataset, left = apply_impressions(open_dataset(shop), table, served, NOW)
    names = ["user_id", "item_id", "outcome", "at", "position", "propensity", "device"]
    assert dataset.impressions is not None
    assert dataset.impressions.column_names == names
    assert shown(dataset) == [
        ("session:9", "c", "dismiss", AT + 3, 1.0, 1.0, None),
        ("ann", "a", None, AT + 5, 1.0, 1.0, "phone"),
        ("ann", "c", "purchase", AT + 5, 3.0, 0.25, "phone"),
    ]
    assert left["type"].to_pylist() == ["view", "purchase", "click", "dismiss"]
    assert found(dataset) == [("came to the service", 3, "added")]
    events = apply_events(dataset, left, served, NOW).events.to_pylist()
    assert [(each["event_type"], each["device"]) for each in events if each["at"] > AT + 3] == [
        ("dismiss", None),
        ("view", "phone"),
        ("purchase", "phone"),
        ("click", "phone"),
    ]


def test_only_what_was_served_to_this_visitor_counts_as_shown_and_each_item_once(shop):
    served = lists(("r1", "ann", AT + 5, {}, {"a": 1.0}), ("r3", "ann", NOW + 90_000, {}, {"a": 1.0}))
    table = logged(
        ("ann", "a", "impression", AT + 6, "r1"),
        ("ann", "a", "impression", AT + 7, "r1"),
        ("ann", "b", "impression", AT + 6, "r1"),
        ("bob", "a", "impression", AT + 6, "r1"),
        ("ann", "a", "impression", AT + 6, "r2"),
        ("ann", "a", "impression", AT + 6, "r3"),
        ("ann", "a", "impression", AT + 6),
    )
    dataset, left = apply_impressions(open_dataset(shop), table, served, NOW)
    assert [row[:2] for row in shown(dataset)] == [("ann", "a")]
    assert left.num_rows == 6
    assert found(apply_events(dataset, left, served, NOW))[-1] == (
        "logged rows are impressions of no list that was logged, or were reported before",
        6,
        "dropped",
    )
    nothing, left = apply_impressions(open_dataset(shop), table.slice(2, 2), served, NOW)
    assert (nothing.impressions, nothing.schema, left.num_rows) == (None, open_dataset(shop).schema, 2)


def test_what_was_shown_joins_the_table_of_a_data_set_and_comes_in_once(shop, tmp_path_factory):
    (shop / "schema.yaml").write_text(SHOWN_SCHEMA)
    (shop / "shown.csv").write_text(f"user_id,visit,item_id,at,device,came_of_it\nann,,b,{AT + 9},desktop,seen\n")
    served = lists(("r1", "ann", AT + 5, {"device": "phone"}, {"a": 0.5, "new": 0.5}))
    table = logged(("ann", "a", "impression", AT, "r1"), ("ann", "new", "impression", AT, "r1"))
    dataset, left = apply_impressions(open_dataset(shop), table, served, NOW, coming=["new"])
    assert left.num_rows == 0
    whole = [
        ("ann", "a", None, AT + 5, 1.0, 0.5, "phone"),
        ("ann", "new", None, AT + 5, 2.0, 0.5, "phone"),
        ("ann", "b", "view", AT + 9, None, None, "desktop"),
    ]
    assert shown(dataset) == whole
    again, _ = apply_impressions(dataset, table, served, NOW, coming=["new"])
    assert shown(again) == whole
    folder = tmp_path_factory.mktemp("next") / "shop"
    known, _ = apply_impressions(open_dataset(shop), table, served, NOW)
    write_dataset(known, folder)
    assert shown(open_dataset(folder)) == [whole[0], whole[2]]
