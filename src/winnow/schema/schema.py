"""The schema: all features of a shop and the meaning of its event table."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum

from winnow.schema.errors import SchemaError
from winnow.schema.feature import Entity, Feature
from winnow.schema.transform import History, Vocabulary
from winnow.schema.window import LAST_EVENTS, Window


class EventType(StrEnum):
    """What a visitor did. Shops map their own words to these."""

    IMPRESSION = "impression"
    VIEW = "view"
    CLICK = "click"
    CART = "cart"
    PURCHASE = "purchase"
    DISMISS = "dismiss"


TIME_UNITS = ("s", "ms", "us", "timestamp")


@dataclass(frozen=True, slots=True, kw_only=True)
class Events:
    """Where the event table keeps what, and which events are positives.

    Attributes:
        user, item, time: raw column names.
        session: raw column of the visit; a visitor without a user id goes by it. None where every visitor has one.
        type: raw column of the event type; None when every row is an event of the first positive type.
        types: raw value -> EventType value; rows of other types are dropped and reported.
        positives: event types that a good recommendation leads to.
        time_unit: unit of the raw time column: "s", "ms", "us" or "timestamp" (a date-time type or ISO text, UTC).
    """

    user: str = "user_id"
    item: str = "item_id"
    time: str = "timestamp"
    type: str | None = "event_type"
    session: str | None = None
    types: dict[str, str] = field(default_factory=lambda: {str(each): str(each) for each in EventType})
    positives: tuple[str, ...] = (EventType.CLICK,)
    time_unit: str = "s"

    def __post_init__(self) -> None:
        if self.time_unit not in TIME_UNITS:
            raise SchemaError(f"'{self.time_unit}' is not a unit of time; the units are: {', '.join(TIME_UNITS)}.")
        if not self.positives:
            raise SchemaError("No event type is positive; name at least one that a good recommendation leads to.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Impressions:
    """What the table of impressions says besides who was shown what, when and where, which it says as events do.

    Attributes:
        outcome: raw column of what came of it: an event type in the words of `Events.types`.
        nothing: raw word where nothing came of it; a missing value means the same.
        position: raw column of the place on the page, from 1. None where it was not logged.
        propensity: raw column of the probability with which the item was put in its place, above 0 and at most 1. None
            where it was not logged.
    """

    outcome: str = "outcome"
    nothing: str = "none"
    position: str | None = None
    propensity: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Schema:
    """Every feature once, in a fixed order.

    Attributes:
        features: unique names.
        events: the meaning of the event table.
        user_key, item_key: raw key columns of the user and item tables.
        title: raw item column that names an item to people.
        available: raw item column of truth values that say whether an item may be recommended; missing means that it
            may. None where every item may.
        impressions: the meaning of the table of what was shown; None where there is none.
    """

    features: tuple[Feature, ...]
    events: Events = field(default_factory=Events)
    user_key: str = "user_id"
    item_key: str = "item_id"
    title: str | None = None
    available: str | None = None
    impressions: Impressions | None = None

    def __post_init__(self) -> None:
        names = [feature.name for feature in self.features]
        for name in names:
            if names.count(name) > 1:
                raise SchemaError(f"The feature name '{name}' is declared {names.count(name)} times; names are unique.")
        if sum(isinstance(feature.transform, History) for feature in self.features) > 1:
            raise SchemaError("More than one history is declared; a schema has at most one.")
        if self.available in {self.item_key, self.title} - {None}:
            raise SchemaError(
                f"The column '{self.available}' cannot say whether an item is available: it is the key or the title of "
                "items; name another under 'available'."
            )
        self._check_impressions()
        self._check_windows()
        known, counted = set(EventType), [word for each in self.windows.values() for word in each.types]
        for word in (*self.events.positives, *self.events.types.values(), *self._history().types, *counted):
            if word not in known:
                raise SchemaError(f"'{word}' is not an event type; the types are: {', '.join(EventType)}.")

    def _check_impressions(self) -> None:
        if self.impressions is None:
            return
        later = {self.impressions.outcome, self.impressions.position, self.impressions.propensity}
        for feature in self.of_entity(Entity.CONTEXT):
            if feature.column in later:
                raise SchemaError(
                    f"The context feature '{feature.name}' reads the column '{feature.column}', which impressions keep "
                    "for what came of them, for their place on the page or for its probability; nothing of that is "
                    "known when a request is answered."
                )

    def _check_windows(self) -> None:
        read = {self.events.user, self.events.item, self.events.time, self.events.type}
        read |= {each.column for each in self.of_entity(Entity.CONTEXT) if each.window is None}
        items = {each.name: each for each in self.of_entity(Entity.ITEM)}
        for name, window in self.windows.items():
            if name in read:
                raise SchemaError(
                    f"The feature '{name}' has a window, and '{name}' is a column of the event table as well; give the "
                    "feature another name."
                )
            # A schema without features of items is a part of one.
            if items and not (window.of in items and isinstance(items[window.of].transform, Vocabulary)):
                raise SchemaError(
                    f"The window of the feature '{name}' is of '{window.of}', which is no item feature with a "
                    f"vocabulary; items have: {', '.join(items)}."
                )

    def of_entity(self, entity: Entity) -> tuple[Feature, ...]:
        """The features of one entity."""
        return tuple(feature for feature in self.features if feature.entity is entity)

    def of(self, entity: Entity) -> "Schema":
        """The same schema with the features of one entity only."""
        return replace(self, features=self.of_entity(entity))

    def __iter__(self) -> Iterator[Feature]:
        return iter(self.features)

    @property
    def history(self) -> History:
        """The declared history, or the default one."""
        return self._history()

    def _history(self) -> History:
        for feature in self.features:
            if isinstance(feature.transform, History):
                return feature.transform
        return History()

    @property
    def windows(self) -> dict[str, Window]:
        """The windows by raw context column; no table has these columns and no request brings them."""
        return {each.column: each.window for each in self.features if each.window is not None}

    def columns(self, entity: Entity) -> tuple[str, ...]:
        """Raw column names that the entity's table must have besides its key, each once."""
        given = [feature for feature in self.of_entity(entity) if feature.window is None]
        wanted = [feature.column for feature in given if not isinstance(feature.transform, History)]
        if entity is Entity.ITEM:
            wanted += [each for each in (self.title, self.available) if each]
        return tuple(dict.fromkeys(wanted))

    @property
    def digest(self) -> str:
        """SHA-256 of the schema's content, hexadecimal."""
        return hashlib.sha256(json.dumps(schema_to_dict(self), sort_keys=True).encode()).hexdigest()


def schema_to_dict(schema: Schema) -> dict[str, object]:
    """Plain values, for JSON; `schema_from_dict` in `schema/schema_file.py` reads them back."""
    row: dict[str, object] = {
        "features": [_feature_to_dict(each) for each in schema.features],
        "events": asdict(schema.events),
        "user_key": schema.user_key,
        "item_key": schema.item_key,
        "title": schema.title,
    }
    # Left out where there is none, so that schemas of older bundles keep their digest.
    if schema.available:
        row["available"] = schema.available
    if schema.impressions:
        row["impressions"] = shown = asdict(schema.impressions)
        if schema.impressions.propensity is None:
            del shown["propensity"]
    return row


def _feature_to_dict(feature: Feature) -> dict[str, object]:
    row = asdict(feature)
    # Left out where they say nothing, so that schemas of older bundles keep their digest.
    if not feature.filterable:
        del row["filterable"]
    if feature.window is None:
        del row["window"]
    elif feature.window.last_events == LAST_EVENTS:
        del row["window"]["last_events"]
    if feature.transform is not None:
        row["transform"] = {"type": type(feature.transform).__name__, **asdict(feature.transform)}
    return row
