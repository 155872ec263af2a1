"""Schema files: what is written is read back, and every mistake is shown where it stands."""

import json
from dataclasses import fields, replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.schema.errors import SchemaError
from winnow.schema.feature import FILTERABLE, TRANSFORMS_OF_KIND, Entity, Feature, Kind
from winnow.schema.places import NOWHERE
from winnow.schema.schema import TIME_UNITS, Events, EventType, Schema, schema_to_dict
from winnow.schema.schema_file import read_schema_file, schema_from_dict, write_schema_file
from winnow.schema.transform import (
    Bucketise,
    History,
    ImageVector,
    PassThrough,
    Standardise,
    TextVector,
    Transform,
    Vocabulary,
)

SHOP = """\
tables: {users: users.csv, items: items.parquet, events: clicks.csv}
keys: {user: user_id, item: item_id}
title: name
events: {time: ts, time_unit: s, type: event, types: {View: view, Buy: purchase}, positives: [view]}
features:
  - {name: age, of: user, kind: number, transform: standardise}
  - {name: age_bin, of: user, kind: number, column: age, transform: {bucketise: {edges: [18, 25, 35]}}}
  - {name: category, of: item, kind: category, transform: {vocabulary: {min_count: 2}}, card: true}
  - {name: picture, of: item, kind: vector, width: 512, transform: pass_through}
"""

MISTAKES = {
    ("standardise}", "standardize}"): "line 6, column 52: 'standardize' is not a transform of a number; "
    "allowed: standardise, log_standardise, bucketise. Did you mean 'standardise'?",
    (
        "of: item, kind: cat",
        "off: item, kind: cat",
    ): "line 8, column 22: the key 'off' is not known; allowed: name, of, "
    "kind, column, transform, width, window, card, filterable. Did you mean 'of'?",
    ("name: age, of: user, ", "of: user, "): "line 6, column 5: the key 'name' is missing",
    ("name: age_bin", "name: age"): "line 7, column 5: the feature 'age' is declared twice",
    ("width: 512", "width: 512, width: 3"): "line 9, column 57: the key 'width' is given twice",
    ("name: category", "name: a/b"): "line 8, column 5: 'a/b' cannot be the name of a feature; a name has 1 to 64 "
    "characters of A-Z, a-z, 0-9, _ and -.",
    ("name: category", "name: ../../etc"): "line 8, column 5: '../../etc' cannot be the name of a feature",
    ("name: category", "name: Größe"): "line 8, column 5: 'Größe' cannot be the name of a feature",
    ("name: category", "name: ''"): "line 8, column 12: the text is empty; a word is wanted",
    ("of: item, kind: vector", "of: user, kind: vector"): "line 9, column 5: Feature 'picture' of the user becomes a "
    "vector, and models read vectors of items only",
    ("width: 512", "width: wide"): "line 9, column 52: 'wide' was found; a whole number is wanted",
    ("width: 512", "width: 1.5"): "line 9, column 52: '1.5' was found; a whole number is wanted",
    ("width: 512", "width: '512'"): "line 9, column 52: '512' was found; a whole number is wanted",
    ("width: 512", "width: 0"): "line 9, column 5: Feature 'picture' has width 0",
    ("[18, 25, 35]", "[18, old, 35]"): "line 7, column 94: 'old' was found; a number is wanted",
    ("[18, 25, 35]", "[18, .inf, 35]"): "line 7, column 94: '.inf' was found; a number is wanted",
    ("[18, 25, 35]", "[28, 25, 35]"): "line 7, column 69: The edges [28.0, 25.0, 35.0] do not rise",
    ("[18, 25, 35]", "18"): "line 7, column 89: '18' was found; a list is wanted",
    ("{edges: [18, 25, 35]}", "{}"): "line 7, column 81: the key 'edges' is missing",
    ("{bucketise: {edges: [18, 25, 35]}}", "bucketise"): "line 7, column 69: 'bucketise' wants settings",
    ("min_count: 2", "min_count: 0"): "'min_count' is 0; at least 1 is wanted",
    ("card: true", "filterable: maybe"): "line 8, column 101: 'maybe' was found; true or false is wanted",
    (
        "pass_through}",
        "pass_through, filterable: true}",
    ): "line 9, column 5: Feature 'picture' of the item, of kind 'vector', cannot be filterable; requests filter "
    "items, by: category, id, number, time.",
    ("age, of: user, kind: number, tr", "age, of: user, filterable: true, kind: number, tr"): "'age' of the user, of "
    "kind 'number', cannot be filterable",
    ("card: true", "card: maybe"): "line 8, column 95: 'maybe' was found; true or false is wanted",
    ("of: user, kind: number, tr", "of: user, card: true, kind: number, tr"): "'age' of the user cannot be on a card",
    (
        "time_unit: s",
        "time_unit: min",
    ): "line 4, column 31: 'min' is not a unit of time; allowed: s, ms, us, timestamp.",
    ("Buy: purchase", "Buy: bought"): "'bought' is not an event type; allowed: impression, view, click",
    ("positives: [view]", "positives: []"): "line 4, column 9: No event type is positive",
    ("title: name", "title: 5"): "line 3, column 8: '5' was found; text is wanted, so put it in quotes",
    ("title: name", "title: [name"): "line 4, column 7: this is not YAML",
    ("title: name", "title: !!python/object/apply:os.getcwd []"): "line 3, column 8: a list was found; text is wanted",
    (
        "title: name",
        "available: item_id",
    ): "line 1, column 1: The column 'item_id' cannot say whether an item is available",
    (
        "title: name",
        "availble: name",
    ): "line 3, column 1: the key 'availble' is not known; allowed: tables, media, keys, "
    "title, available, events, impressions, features. Did you mean 'available'?",
    ("users: users.csv, ", ""): "line 1, column 9: the key 'users' is missing",
}


def written(text: str, folder: Path) -> Path:
    path = folder / "shop.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_is_read_as_it_says(tmp_path):
    read = read_schema_file(written(SHOP, tmp_path))
    age, age_bin, category, picture = read.schema
    assert age == Feature(name="age", entity=Entity.USER, kind=Kind.NUMBER, transform=Standardise())
    assert (age_bin.column, age_bin.transform) == ("age", Bucketise(edges=(18.0, 25.0, 35.0)))
    assert (category.transform, category.card) == (Vocabulary(min_count=2), True)
    assert (picture.kind, picture.width) == (Kind.VECTOR, 512)
    assert read.schema.events.types == {"View": "view", "Buy": "purchase"}
    assert read.tables == {"users": "users.csv", "items": "items.parquet", "events": "clicks.csv"}


def test_a_file_knows_where_it_says_what(tmp_path):
    path = written(SHOP, tmp_path)
    places = read_schema_file(path).places
    assert places.before("events.time") == f"{path}, line 4, column 16: "
    assert places.after("keys.item") == f" ({path}, line 2, column 29)"
    assert places.before("features.age") == f"{path}, line 6, column 12: "
    assert places.before("features.age_bin") == f"{path}, line 7, column 53: "
    assert "line 3" in places.after("title")
    places = read_schema_file(written(SHOP.replace("title: name", "available: in_stock"), tmp_path)).places
    assert "line 3, column 12" in places.after("available")


def test_what_a_file_does_not_say_has_its_default_and_no_place(tmp_path):
    places = read_schema_file(written(SHOP, tmp_path)).places
    assert places.before("events.user") == ""
    assert "by default" in places.after("events.user")
    assert NOWHERE.before("events.user") == NOWHERE.after("events.user") == ""


def test_a_setting_that_older_schemas_lack_leaves_their_digest_as_it_was():
    schema = Schema(features=())
    assert "available" not in schema_to_dict(schema)
    assert Schema(features=(), available="in_stock").digest != schema.digest
    price = Feature(name="price", entity=Entity.ITEM, kind=Kind.NUMBER)
    assert "filterable" not in json.dumps(schema_to_dict(Schema(features=(price,))))
    assert Schema(features=(replace(price, filterable=True),)).digest != Schema(features=(price,)).digest


def test_only_tables_and_features_must_be_there(tmp_path):
    read = read_schema_file(written("tables: {items: i.csv, events: e.csv}\nfeatures: []\n", tmp_path))
    assert read.schema == Schema(features=())


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda pair: f"{pair[0]} to {pair[1]}")
def test_a_mistake_is_shown_where_it_stands_with_what_is_allowed(mistake, tmp_path):
    assert mistake[0] in SHOP
    path = written(SHOP.replace(*mistake), tmp_path)
    with pytest.raises(SchemaError) as caught:
        read_schema_file(path)
    assert str(caught.value).startswith(f"{path}, line ")
    assert MISTAKES[mistake] in str(caught.value)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"- 1\n", "a mapping of keys to values is wanted"),
        (b"\xff\xfe\xfd", "is not UTF-8"),
        (b"a: \x00", "is not YAML"),
        (b"a: 1\n---\nb: 2\n", "this is not YAML"),
        (b"? [a]\n: b\n", "a key must be one word"),
        (b"[" * 5_000, "is nested too deep to be a schema"),
        (b"features: " + b"{a: " * 5_000, "is nested too deep to be a schema"),
    ],
)
def test_a_file_that_holds_no_schema_is_refused_with_a_sentence(content, message, tmp_path):
    (tmp_path / "shop.yaml").write_bytes(content)
    with pytest.raises(SchemaError, match=message):
        read_schema_file(tmp_path / "shop.yaml")


def test_a_long_text_is_not_quoted_whole(tmp_path):
    (tmp_path / "shop.yaml").write_text("root:x:0:0 " * 100)
    with pytest.raises(SchemaError, match=r"'root:x:0:0 [root:x0 ]{69} \.\.\.' was found; a mapping"):
        read_schema_file(tmp_path / "shop.yaml")


def test_an_absent_file_is_named(tmp_path):
    with pytest.raises(SchemaError, match=r"absent\.yaml cannot be read: No such file"):
        read_schema_file(tmp_path / "absent.yaml")


words = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8)
names = st.from_regex(r"[A-Za-z0-9_-]{1,8}", fullmatch=True)
counts = st.integers(1, 1000)
edges = st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=4, unique=True).map(lambda each: tuple(sorted(each)))


settings_by_name = {
    "min_count": counts,
    "max_size": st.none() | counts,
    "buckets": counts,
    "edges": edges,
    "width": counts,
    "max_words": counts,
}


def transforms(kind: Kind, entity: Entity) -> st.SearchStrategy[Transform | None]:
    refused = {History} if entity is Entity.ITEM else {History, ImageVector, PassThrough, TextVector}
    kinds = [each for each in TRANSFORMS_OF_KIND[kind] if each not in refused]
    return st.none() | st.one_of(
        st.builds(each, **{field.name: settings_by_name[field.name] for field in fields(each)}) for each in kinds
    )


@st.composite
def features(draw: st.DrawFn) -> Feature:
    kind, entity = draw(st.sampled_from(Kind)), draw(st.sampled_from(Entity))
    return Feature(
        name=draw(names),
        entity=entity,
        kind=kind,
        transform=draw(transforms(kind, entity)),
        column=draw(st.just("") | words),
        width=draw(counts) if kind is Kind.VECTOR else 1,
        card=entity is Entity.ITEM and draw(st.booleans()),
        filterable=entity is Entity.ITEM and kind in FILTERABLE and draw(st.booleans()),
    )


event_types = st.sampled_from([str(each) for each in EventType])
events = st.builds(
    Events,
    user=words,
    item=words,
    time=words,
    type=st.none() | words,
    types=st.dictionaries(words, event_types, max_size=3),
    positives=st.lists(event_types, min_size=1, max_size=3).map(tuple),
    time_unit=st.sampled_from(TIME_UNITS),
)
histories = st.builds(History, length=counts, types=st.lists(event_types, max_size=3).map(tuple))
history_features = st.builds(
    Feature,
    name=st.just("the-history"),
    entity=st.just(Entity.USER),
    kind=st.just(Kind.ID),
    transform=histories,
)


@st.composite
def schemas(draw: st.DrawFn) -> Schema:
    plain = draw(st.lists(features(), max_size=4, unique_by=lambda feature: feature.name))
    history = draw(st.lists(history_features, max_size=1))
    title, item_key = draw(st.none() | words), draw(words)
    available = draw(st.none() | words.filter(lambda word: word not in {title, item_key}))
    return Schema(
        features=(*plain, *history),
        events=draw(events),
        user_key=draw(words),
        item_key=item_key,
        title=title,
        available=available,
    )


@given(schemas())
def test_a_schema_survives_json_with_its_digest(schema):
    again = schema_from_dict(json.loads(json.dumps(schema_to_dict(schema))))
    assert again == schema
    assert again.digest == schema.digest


@given(schema=schemas(), folder=words, needless=st.booleans())
def test_what_is_written_is_read_back(schema, folder, needless, tmp_path_factory):
    path = tmp_path_factory.mktemp("schema") / "shop.yaml"
    tables = {"users": "u.csv", "items": "i #1.csv", "events": "e: x.csv"}
    media = folder if needless or any(each.kind is Kind.IMAGE for each in schema) else None
    write_schema_file(schema, tables, path, media)
    read = read_schema_file(path)
    assert read.schema == schema
    assert read.tables == tables
    assert read.media == media


def test_a_damaged_stored_schema_is_refused():
    row = schema_to_dict(Schema(features=()))
    for damaged in ({}, {**row, "features": [{"name": "x"}]}, {**row, "events": {"colour": 1}}):
        with pytest.raises(SchemaError, match="stored schema is damaged"):
            schema_from_dict(damaged)
