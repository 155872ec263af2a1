"""The schema as people write it: one YAML file that describes their tables."""

import json
import math
import re
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import MISSING, dataclass, fields
from pathlib import Path
from typing import Any, get_args

import yaml

from winnow.schema.errors import SchemaError
from winnow.schema.feature import TRANSFORMS_OF_KIND, Entity, Feature, Kind
from winnow.schema.located import Located, read_located, unknown
from winnow.schema.places import NOWHERE, Places
from winnow.schema.schema import TIME_UNITS, Events, EventType, Impressions, Schema
from winnow.schema.transform import History, Transform
from winnow.schema.window import Window
from winnow.schema.window_file import check_windows, read_window

TABLES = ("users", "items", "events", "impressions")
NEEDED = ("items", "events")
ITEM_COLUMNS = ("title", "available")
"""Settings that name a column of items."""
MARKS = ("card", "filterable")
"""Keys of a feature that are true or false."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemaFile:
    """What a schema file says.

    Attributes:
        schema: the features and the meaning of the events.
        tables: file names as written, by table: "items", "events", and "users" and "impressions" if there are such.
        media: folder of the pictures, as written; None where no feature is an image.
        places: where the file says what.
    """

    schema: Schema
    tables: dict[str, str]
    media: str | None = None
    places: Places = NOWHERE


def read_schema_file(path: Path) -> SchemaFile:
    """Read and check a schema file.

    Raises:
        SchemaError: the file cannot be read or says something wrong; names file, line, column and what is allowed.
    """
    root = read_located(path)
    allowed = ("tables", "media", "keys", "title", "available", "events", "impressions", "features")
    entries = root.mapping(allowed, required=("tables", "features"))
    features = _features(entries["features"])
    media = _media(root, features)
    keys = entries["keys"].mapping(("user", "item")) if "keys" in entries else {}
    named = {f"{entity}_key": name.text() for entity, name in keys.items()}
    named |= {key: entries[key].text() for key in ITEM_COLUMNS if key in entries and not entries[key].is_null()}
    events = _events(entries["events"]) if "events" in entries else Events()
    with_users = any(each.entity is Entity.USER and not isinstance(each.transform, History) for each in features)
    tables = _tables(entries["tables"], with_users=with_users)
    impressions = _impressions(root, tables)
    with _located(root):
        schema = Schema(features=features, events=events, impressions=impressions, **named)
    return SchemaFile(schema=schema, tables=tables, media=media, places=_places(entries))


def _media(root: Located, features: tuple[Feature, ...]) -> str | None:
    entries = root.entries()
    if "media" in entries:
        return entries["media"].text()
    image = next((each for each in features if each.kind is Kind.IMAGE), None)
    if image is not None:
        raise root.error(
            f"the feature '{image.name}' is an image, and the key 'media' is missing; write under it the folder that "
            "the pictures are in, relative to the data set's."
        )
    return None


def _places(entries: Mapping[str, Located]) -> Places:
    """Of a feature, the place where its column is written."""
    places = {key: entries[key].place for key in ITEM_COLUMNS if key in entries}
    for part in ("events", "impressions", "keys"):
        if part in entries:
            places |= {f"{part}.{key}": node.place for key, node in entries[part].entries().items()}
    for each in entries["features"].sequence():
        row = each.entries()
        places[f"features.{row['name'].text()}"] = row.get("column", row["name"]).place
    return Places(places)


def _tables(node: Located, *, with_users: bool) -> dict[str, str]:
    entries = node.mapping(TABLES, required=("users", *NEEDED) if with_users else NEEDED)
    return {table: name.text() for table, name in entries.items()}


def _events(node: Located) -> Events:
    entries = node.mapping(each.name for each in fields(Events))
    words = {name: entries[name].text() for name in ("user", "item", "time") if name in entries}
    values: dict[str, Any] = dict(words)
    if "time_unit" in entries:
        values["time_unit"] = entries["time_unit"].choice(TIME_UNITS, "a unit of time")
    for name in ("type", "session"):
        if name in entries:
            values[name] = None if entries[name].is_null() else entries[name].text()
    if "types" in entries:
        values["types"] = {raw: _event_type(word) for raw, word in entries["types"].entries().items()}
    if "positives" in entries:
        values["positives"] = tuple(_event_type(each) for each in entries["positives"].sequence())
    with _located(node):
        return Events(**values)


def _impressions(root: Located, tables: Mapping[str, str]) -> Impressions | None:
    entries = root.entries()
    if "impressions" not in entries:
        return Impressions() if "impressions" in tables else None
    node = entries["impressions"]
    if "impressions" not in tables:
        raise node.error("the meaning of impressions is given, but no file; name one under tables: impressions.")
    words = {name: each.text() for name, each in node.mapping(each.name for each in fields(Impressions)).items()}
    return Impressions(**words)


def _event_type(node: Located) -> str:
    return node.choice(EventType, "an event type")


def _features(node: Located) -> tuple[Feature, ...]:
    features: dict[str, Feature] = {}
    for each in node.sequence():
        feature = _feature(each)
        if feature.name in features:
            raise each.error(f"the feature '{feature.name}' is declared twice; names are unique.")
        features[feature.name] = feature
    check_windows(node.sequence(), features.values())
    return tuple(features.values())


def _feature(node: Located) -> Feature:
    allowed = ("name", "of", "kind", "column", "transform", "width", "window", *MARKS)
    entries = node.mapping(allowed, required=("name", "of", "kind"))
    kind = Kind(entries["kind"].choice(Kind, "a kind"))
    values: dict[str, Any] = {
        "name": entries["name"].text(),
        "entity": Entity(entries["of"].choice(Entity, "an entity")),
        "kind": kind,
    }
    if "column" in entries:
        values["column"] = entries["column"].text()
    if "width" in entries:
        values["width"] = entries["width"].whole()
    if "window" in entries:
        values["window"] = read_window(entries["window"])
    values |= {mark: entries[mark].truth() for mark in MARKS if mark in entries}
    if "transform" in entries and not entries["transform"].is_null():
        values["transform"] = _transform(entries["transform"], kind)
    with _located(node):
        return Feature(**values)


def _transform(node: Located, kind: Kind) -> Transform:
    """A transform by name, or `{name: {setting: value}}`."""
    by_name = {_snake(each.__name__): each for each in TRANSFORMS_OF_KIND[kind]}
    word, settings = _named_settings(node)
    if word not in by_name:
        article = "an" if kind in (Kind.ID, Kind.IMAGE) else "a"
        raise node.error(unknown(word, tuple(by_name), f"a transform of {article} {kind}"))
    names = {each.name: each for each in fields(by_name[word])}
    required = [name for name, each in names.items() if each.default is MISSING]
    if settings is None and required:
        raise node.error(f"'{word}' wants settings; write {{{word}: {{{required[0]}: ...}}}}.")
    entries = settings.mapping(names, required) if settings else {}
    values = {name: _SETTINGS[name](each) for name, each in entries.items()}
    with _located(node):
        return by_name[word](**values)


def _named_settings(node: Located) -> tuple[str, Located | None]:
    if not node.is_mapping():
        return node.text(), None
    entries = node.entries()
    if len(entries) != 1:
        raise node.error(f"{len(entries)} transforms are given; a feature has one.")
    return next(iter(entries.items()))


_SETTINGS: dict[str, Callable[[Located], Any]] = {
    "min_count": Located.whole,
    "max_size": lambda node: None if node.is_null() else node.whole(),
    "buckets": Located.whole,
    "edges": lambda node: tuple(each.number() for each in node.sequence()),
    "width": Located.whole,
    "max_words": Located.whole,
    "length": Located.whole,
    "types": lambda node: tuple(_event_type(each) for each in node.sequence()),
}


@contextmanager
def _located(node: Located) -> Generator[None]:
    """Says where, when a value object refuses what is written there."""
    try:
        yield
    except SchemaError as error:
        raise node.error(str(error)) from error


def _snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def write_schema_file(schema: Schema, tables: Mapping[str, str], path: Path, media: str | None = None) -> None:
    """Write what `read_schema_file` reads; what has its default value is left out."""
    keys = {"user": schema.user_key, "item": schema.item_key}
    entries: dict[str, object] = {"tables": dict(tables), "keys": keys, "events": _changed(schema.events)}
    if schema.impressions is not None and (changed := _changed(schema.impressions)):
        entries["impressions"] = changed
    if media is not None:
        entries["media"] = media
    entries |= {key: name for key in ITEM_COLUMNS if (name := getattr(schema, key)) is not None}
    lines = [_flow({key: value})[1:-1] for key, value in entries.items()]
    lines.append("features:" if schema.features else "features: []")
    lines += [f"  - {_flow(_feature_row(feature))}" for feature in schema.features]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _feature_row(feature: Feature) -> dict[str, object]:
    row: dict[str, object] = {"name": feature.name, "of": feature.entity, "kind": feature.kind}
    if feature.column != feature.name:
        row["column"] = feature.column
    if feature.width != 1:
        row["width"] = feature.width
    if feature.window is not None:
        row["window"] = _changed(feature.window)
    if feature.transform is not None:
        word, settings = _snake(type(feature.transform).__name__), _changed(feature.transform)
        row["transform"] = {word: settings} if settings else word
    return row | {mark: True for mark in MARKS if getattr(feature, mark)}


def _changed(value: Events | Impressions | Transform | Window) -> dict[str, object]:
    """The fields that differ from their defaults."""
    default_of = {
        each.name: each.default_factory() if callable(each.default_factory) else each.default for each in fields(value)
    }
    return {name: getattr(value, name) for name, default in default_of.items() if getattr(value, name) != default}


def _flow(value: Mapping[str, Any]) -> str:
    """One line; the trip through JSON leaves only types that YAML knows."""
    text = json.dumps(value)
    # YAML takes these for line breaks or byte order marks; escaped, they are what they are.
    readable = not any(mark in text for mark in ("\\u0085", "\\u2028", "\\u2029", "\\ufeff"))
    plain = json.loads(text)
    return yaml.safe_dump(
        plain, default_flow_style=True, sort_keys=False, allow_unicode=readable, width=math.inf
    ).strip()


def schema_from_dict(row: Mapping[str, Any]) -> Schema:
    """The exact inverse of `schema_to_dict`, also after a trip through JSON.

    Raises:
        SchemaError: something is missing, unknown, or of the wrong type.
    """
    try:
        features = tuple(map(_feature_from_dict, row["features"]))
        events: dict[str, Any] = {**row["events"], "positives": tuple(row["events"]["positives"])}
        keys: dict[str, Any] = {name: row[name] for name in ("user_key", "item_key", "title")}
        keys["available"] = row.get("available")
        keys["impressions"] = Impressions(**row["impressions"]) if "impressions" in row else None
        return Schema(features=features, events=Events(**events), **keys)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise SchemaError(f"The stored schema is damaged ({type(error).__name__}: {error}); save it again.") from error


def _feature_from_dict(row: Mapping[str, Any]) -> Feature:
    transform = row["transform"] and _transform_from_dict(row["transform"])
    values: dict[str, Any] = {**row, "transform": transform, "entity": Entity(row["entity"]), "kind": Kind(row["kind"])}
    if "window" in row:
        settings: dict[str, Any] = {**row["window"], "types": tuple(row["window"]["types"])}
        values["window"] = Window(**settings)
    return Feature(**values)


def _transform_from_dict(row: Mapping[str, Any]) -> Transform:
    by_name = {each.__name__: each for each in get_args(Transform)}
    settings: dict[str, Any] = {name: tuple(each) if _is_list(each) else each for name, each in row.items()}
    return by_name[settings.pop("type")](**settings)


def _is_list(value: Any) -> bool:
    return isinstance(value, list)
