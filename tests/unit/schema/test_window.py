"""Windows are declared like any feature, and no table is asked for them."""

import json

import pytest

from winnow.schema.errors import SchemaError
from winnow.schema.feature import Entity, Feature, Kind
from winnow.schema.schema import Events, Schema, schema_to_dict
from winnow.schema.schema_file import read_schema_file, schema_from_dict, write_schema_file
from winnow.schema.transform import HashBuckets, History, Vocabulary
from winnow.schema.window import Window

SHOP = """\
tables: {items: items.parquet, events: clicks.csv}
features:
  - {name: category, of: item, kind: category, transform: vocabulary}
  - {name: colour, of: item, kind: category, transform: {hash_buckets: {buckets: 8}}}
  - {name: top, of: context, kind: category, transform: vocabulary, window: {of: category, over_hours: 24}}
"""
MISTAKES = {
    ("of: category, over", "of: categry, over"): "line 5, column 82: 'categry' is not an item feature with a "
    "vocabulary; allowed: category. Did you mean 'category'?",
    ("of: category, over", "of: colour, over"): "line 5, column 82: 'colour' is not an item feature with a vocabulary",
    ("hours: 24", "hours: 0"): "line 5, column 77: A window reaches over 0 hours; a finite number above 0 is wanted.",
    ("hours: 24", "hours: -2"): "line 5, column 77: A window reaches over -2 hours",
    ("hours: 24", "hours: day"): "line 5, column 104: 'day' was found; a number is wanted.",
    (", over_hours: 24", ""): "line 5, column 77: the key 'over_hours' is missing",
    ("hours: 24", "hours: 24, types: [bought]"): "line 5, column 116: 'bought' is not an event type; allowed: impress",
    ("hours: 24", "hours: 24, types: []"): "line 5, column 77: A window counts no event types",
    ("hours: 24", "hours: 24, most: 3"): "the key 'most' is not known; allowed: of, over_hours, types, last_events.",
    (
        "hours: 24",
        "hours: 24, last_events: 0",
    ): "line 5, column 77: A window looks at the last 0 events; 1 to 10,000 are wanted",
    ("hours: 24", "hours: 24, last_events: 10001"): "line 5, column 77: A window looks at the last 10,001 events; 1 to",
    ("hours: 24", "hours: 24, last_events: few"): "line 5, column 121: 'few' was found; a whole number is wanted.",
    ("of: context", "of: item"): "line 5, column 5: Feature 'top' of the item, of kind 'category', has a window; what "
    "a user did lately is a feature of the context, of kind category or id.",
    ("of: context, kind: category, transform: vocabulary", "of: context, kind: text"): "'top' of the context, of kind "
    "'text', has a window",
    ("of: context", "of: context, column: best"): "has a window and reads the column 'best'; what is computed is in "
    "no table, so leave 'column' out.",
    (
        "kind: category, transform: vocabulary, w",
        "kind: id, transform: history, w",
    ): "has a window and becomes a history",
    ("name: top", "name: timestamp"): "line 1, column 1: The feature 'timestamp' has a window, and 'timestamp' is a "
    "column of the event table as well; give the feature another name.",
}


def written(text, folder):
    path = folder / "shop.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def top(**window):
    window = Window(**{"of": "category", "over_hours": 24, **window})
    return Feature(name="top", entity=Entity.CONTEXT, kind=Kind.CATEGORY, transform=Vocabulary(), window=window)


CATEGORY = Feature(name="category", entity=Entity.ITEM, kind=Kind.CATEGORY, transform=Vocabulary())


def test_a_window_is_read_as_it_is_written(tmp_path):
    schema = read_schema_file(written(SHOP, tmp_path)).schema
    assert schema.windows == {"top": Window(of="category", over_hours=24.0)}
    assert schema.windows["top"].types == ("view", "click", "cart", "purchase")
    assert schema.windows["top"].over_s == 86_400.0


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda pair: f"{pair[0]} to {pair[1]}")
def test_a_mistake_is_shown_where_it_stands_with_what_is_allowed(mistake, tmp_path):
    assert mistake[0] in SHOP
    path = written(SHOP.replace(*mistake), tmp_path)
    with pytest.raises(SchemaError) as caught:
        read_schema_file(path)
    assert str(caught.value).startswith(f"{path}, line ")
    assert MISTAKES[mistake] in str(caught.value)


@pytest.mark.parametrize("types", [("click",), ("view", "click", "cart", "purchase")])
def test_a_window_makes_the_trip_through_a_file_and_through_json(types, tmp_path):
    schema = Schema(features=(CATEGORY, top(types=types, over_hours=0.5, last_events=7)))
    write_schema_file(schema, {"items": "i.csv", "events": "e.csv"}, tmp_path / "schema.yaml")
    assert read_schema_file(tmp_path / "schema.yaml").schema == schema
    assert schema_from_dict(json.loads(json.dumps(schema_to_dict(schema)))) == schema


def test_every_setting_of_a_window_is_in_the_digest_and_a_schema_without_one_keeps_its_own():
    settings = [{}, {"of": "item_id"}, {"over_hours": 12}, {"types": ("click",)}, {"last_events": 101}]
    item = Feature(name="item_id", entity=Entity.ITEM, kind=Kind.ID, transform=Vocabulary())
    assert len({Schema(features=(CATEGORY, item, top(**each))).digest for each in settings}) == len(settings)
    assert "last_events" not in json.dumps(schema_to_dict(Schema(features=(CATEGORY, top(last_events=100)))))
    assert "window" not in json.dumps(schema_to_dict(Schema(features=(CATEGORY, item))))


def test_a_schema_in_python_is_checked_as_a_file_is():
    with pytest.raises(SchemaError, match="is of 'colour', which is no item feature with a vocabulary; items have: c"):
        Schema(features=(CATEGORY, top(of="colour")))
    hashed = Feature(name="category", entity=Entity.ITEM, kind=Kind.CATEGORY, transform=HashBuckets(buckets=3))
    with pytest.raises(SchemaError, match="no item feature with a vocabulary"):
        Schema(features=(hashed, top()))
    with pytest.raises(SchemaError, match="'bought' is not an event type"):
        Schema(features=(CATEGORY, top(types=("bought",))))
    with pytest.raises(SchemaError, match="'top' is a column of the event table as well"):
        Schema(features=(CATEGORY, top()), events=Events(time="top"))
    told = Feature(name="told", entity=Entity.CONTEXT, kind=Kind.CATEGORY, column="top")
    with pytest.raises(SchemaError, match="'top' is a column of the event table as well"):
        Schema(features=(CATEGORY, told, top()))
    with pytest.raises(SchemaError, match="becomes a history"):
        Feature(name="a", entity=Entity.CONTEXT, kind=Kind.ID, transform=History(), window=top().window)


def test_no_table_is_asked_for_a_window_and_a_part_of_a_schema_may_have_one():
    schema = Schema(features=(CATEGORY, top()))
    assert schema.columns(Entity.CONTEXT) == ()
    assert schema.of(Entity.CONTEXT).windows == schema.windows
