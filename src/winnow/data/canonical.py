"""The schema of a Dataset: the user's features over the column names that every Dataset has."""

from dataclasses import replace

from winnow.data.dataset import AT, ITEM, OUTCOME, POSITION, PROPENSITY, TYPE, USER
from winnow.schema.errors import DataError
from winnow.schema.feature import Entity, Feature, Kind
from winnow.schema.places import NOWHERE, Places
from winnow.schema.schema import Events, Impressions, Schema


def canonical_schema(schema: Schema, places: Places = NOWHERE) -> Schema:
    """The same schema with keys, event columns, event types and time unit as a Dataset has them.

    Raises:
        DataError: a raw column would take the name of another, or a context feature of kind `time` reads something
            other than the time of the event.
    """
    events = Events(user=USER, item=ITEM, time=AT, type=TYPE, positives=tuple(schema.events.positives))
    features = tuple(_renamed(feature, schema, places) for feature in schema.features)
    title, available = (_column(schema, name, places) for name in ("title", "available"))
    return Schema(
        features=features,
        events=events,
        user_key=USER,
        item_key=ITEM,
        title=title,
        available=available,
        impressions=_impressions(schema.impressions),
    )


def _impressions(given: Impressions | None) -> Impressions | None:
    if given is None:
        return None
    position, propensity = given.position and POSITION, given.propensity and PROPENSITY
    return Impressions(outcome=OUTCOME, position=position, propensity=propensity)


def raw_names(schema: Schema, entity: Entity) -> dict[str, str]:
    """Raw key columns of the entity's table -> their names in a Dataset."""
    events = schema.events
    names = {
        Entity.USER: {schema.user_key: USER},
        Entity.ITEM: {schema.item_key: ITEM},
        Entity.CONTEXT: {events.user: USER, events.item: ITEM, events.time: AT},
    }[entity]
    return {**names, events.type: TYPE} if entity is Entity.CONTEXT and events.type else names


def raw_columns(schema: Schema, entity: Entity) -> tuple[str, ...]:
    """Raw columns of the entity's table besides its keys, each once."""
    keys = raw_names(schema, entity)
    times = {AT} if entity is Entity.CONTEXT else set[str]()
    return tuple(column for column in schema.columns(entity) if column not in keys and column not in times)


def _column(schema: Schema, setting: str, places: Places) -> str | None:
    """The item column that a setting names."""
    column, names = getattr(schema, setting), raw_names(schema, Entity.ITEM)
    if column in names.values() and column not in names:
        raise DataError(
            f"{places.before(setting)}The setting '{setting}' names the column '{column}', but that name is kept for "
            f"the column that the schema calls '{_raw_of(names, column)}'; rename one of them in the file and in the "
            "schema."
        )
    return column and names.get(column, column)


def _renamed(feature: Feature, schema: Schema, places: Places) -> Feature:
    names = raw_names(schema, feature.entity)
    column = names.get(feature.column, feature.column)
    is_time = feature.entity is Entity.CONTEXT and feature.kind is Kind.TIME
    place = places.before(f"features.{feature.name}")
    if is_time and column != AT:
        raise DataError(
            f"{place}The context feature '{feature.name}' reads the time column '{feature.column}'; a context feature "
            f"of kind time reads the time of the event: write column: {schema.events.time}. Or is events.time"
            f"{places.after('events.time')} wrong?"
        )
    taken = column == feature.column and column in names.values() and column not in names
    if taken and not is_time:
        raise DataError(
            f"{place}The feature '{feature.name}' reads the column '{column}', but that name is kept for the column "
            f"that the schema calls '{_raw_of(names, column)}'; rename one of them in the file and in the schema."
        )
    return replace(feature, column=column)


def _raw_of(names: dict[str, str], canonical: str) -> str:
    return next(raw for raw, name in names.items() if name == canonical)
