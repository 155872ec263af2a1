"""What came to a service, behind the events of a data set of three items; the oracle is what a person would say."""

import pyarrow as pa
import pytest

from winnow.data.open_dataset import open_dataset
from winnow.ops.apply_events import apply_events

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
    columns = zip(*rows, strict=True) if rows else ([],) * 4
    kinds = (pa.string(), pa.string(), pa.string(), pa.float64())
    names = ("user_id", "item_id", "type", "at")
    return pa.table({name: pa.array(each, kind) for name, each, kind in zip(names, columns, kinds, strict=True)})


def found(dataset):
    return [(each.problem, each.count, each.action) for each in dataset.report.findings]


def test_events_stand_by_time_among_those_of_the_data_set_and_their_context_is_missing(shop):
    table = logged(("ann", "b", "cart", AT + 1.5), ("session:9", "c", "dismiss", AT + 9), ("bob", "a", "view", AT))
    dataset = apply_events(open_dataset(shop), table, NOW)
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
    dataset = apply_events(open_dataset(shop), table, NOW)
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
    dataset = apply_events(open_dataset(shop), logged(("ann", "new", "view", AT)), NOW, coming=["new"])
    assert dataset.events["item_id"].to_pylist() == ["a", "new", "b", "c"]


def test_an_empty_log_changes_nothing(shop):
    before = open_dataset(shop)
    assert apply_events(before, logged(), NOW).digest == before.digest


def test_impressions_are_left_out_where_a_table_of_them_says_more(shop):
    table = logged(("ann", "b", "impression", AT), ("ann", "b", "view", AT))
    assert found(apply_events(open_dataset(shop), table, NOW)) == [("came to the service", 2, "added")]
    schema = (shop / "schema.yaml").read_text().replace("clicks.csv}", "clicks.csv, impressions: shown.csv}")
    (shop / "schema.yaml").write_text(schema + IMPRESSIONS)
    (shop / "shown.csv").write_text(f"user_id,visit,item_id,at,device,came_of_it\nann,,a,{AT},phone,seen\n")
    assert found(apply_events(open_dataset(shop), table, NOW))[-2:] == [
        ("logged rows are impressions, whose outcome the log does not say", 1, "dropped"),
        ("came to the service", 1, "added"),
    ]
