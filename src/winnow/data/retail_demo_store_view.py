"""A data set as the Retail Demo Store's own tools would look at it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pyarrow as pa

from winnow.data.arrow_compute import pc
from winnow.data.dataset import AT, ITEM, TYPE, USER, Dataset
from winnow.data.retail_demo_store import (
    EVENT_COLUMNS,
    EVENTS_FILE,
    ITEM_COLUMNS,
    ITEMS_FILE,
    RETAIL_SCHEMA,
    USER_COLUMNS,
    USERS_FILE,
)
from winnow.schema.feature import Entity, Kind
from winnow.schema.schema import EventType, Schema

OTHER_NAMES = {"category_l1": "category", "category_l2": "style", "gender_affinity": "made_for"}
"""What the simulated shop calls a column of the layout."""
NUMBERS = ("PRICE", "AGE")
GENDERS = {"f": "F", "m": "M", "any": "Any"}
WORDS = {
    **{str(each): each.title() for each in EventType},
    **{ours: theirs for theirs, ours in RETAIL_SCHEMA.events.types.items()},
    EventType.CLICK: "View",
}
"""Event types in the layout's words. Its View is the opening of a product's page, which is what a click does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RetailDemoStoreView:
    """What the layout's columns can say of a data set.

    Attributes:
        tables: by file name, the rows of the data set under the layout's column names: keys and words as text, PRICE
            as float64, AGE as int64 if all are whole, TIMESTAMP (UTC seconds, rounded down) as int64; null where
            nothing is known.
        losses: sentences about what these columns cannot say.
    """

    tables: Mapping[str, pa.Table]
    losses: tuple[str, ...]


def retail_demo_store_view(dataset: Dataset) -> RetailDemoStoreView:
    """The columns of the layout, as far as the data set has them.

    They are found by the names that the importer gives them or by what the simulated shop calls them; PRODUCT_NAME is
    the title.
    """
    users = _entity_view(dataset.users, USER_COLUMNS)
    title = {"PRODUCT_NAME": dataset.schema.title} if dataset.schema.title else {}
    items = _entity_view(dataset.items, {**ITEM_COLUMNS, **title})
    events = dataset.events
    words = pa.array([WORDS[each] for each in EventType], pa.string())
    codes = pc.index_in(events[TYPE], pa.array([str(each) for each in EventType], pa.string()))
    interactions = pa.table(
        {
            "ITEM_ID": events[ITEM],
            "USER_ID": events[USER],
            "EVENT_TYPE": words.take(codes.combine_chunks()),
            "TIMESTAMP": pc.floor(events[AT]).cast(pa.int64()),
        }
    ).select(list(EVENT_COLUMNS))
    return RetailDemoStoreView(
        tables={USERS_FILE: users, ITEMS_FILE: items, EVENTS_FILE: interactions},
        losses=(
            *_empty(USERS_FILE, users),
            *_empty(ITEMS_FILE, items),
            *_unseen(dataset.schema),
            *_blurred(events, interactions),
        ),
    )


def _entity_view(table: pa.Table, columns: Mapping[str, str]) -> pa.Table:
    return pa.table({theirs: _column(table, theirs, ours) for theirs, ours in columns.items()})


def _column(table: pa.Table, theirs: str, ours: str) -> pa.ChunkedArray:
    """The column as the layout writes it, all null where the data set has none of that name and type."""
    kind = pa.float64() if theirs in NUMBERS else pa.string()
    fitting = [name for name in (ours, OTHER_NAMES.get(ours)) if name in table.column_names]
    fitting = [name for name in fitting if table[name].type == kind]
    if not fitting:
        return pa.chunked_array([pa.nulls(table.num_rows, kind)])
    values = table[fitting[0]]
    if theirs == "GENDER":
        return _genders(values)
    return _whole_if_all_are(values) if theirs == "AGE" else values


def _whole_if_all_are(values: pa.ChunkedArray) -> pa.ChunkedArray:
    whole = pc.floor(values)
    return whole.cast(pa.int64()) if whole.equals(values) else values


def _genders(values: pa.ChunkedArray) -> pa.ChunkedArray:
    codes = pc.index_in(pc.utf8_lower(values), pa.array(list(GENDERS)))
    return pc.coalesce(pa.array(list(GENDERS.values())).take(codes.combine_chunks()), values)


def _empty(file: str, table: pa.Table) -> Iterator[str]:
    names = [name for name in table.column_names if table.num_rows and table[name].null_count == table.num_rows]
    if names:
        yield f"{file}: {' and '.join(names)} left empty, for the data set has no such column."
    if not table.num_rows:
        yield f"{file}: no rows, for the data set knows nothing about its users."


def _unseen(schema: Schema) -> Iterator[str]:
    names = [each.name for each in schema.of(Entity.ITEM) if each.kind is Kind.IMAGE]
    if names:
        yield f"{ITEMS_FILE}: the layout has no pictures; Winnow alone reads {' and '.join(names)}."
    if schema.impressions is not None:
        yield f"{EVENTS_FILE}: the layout has no impressions; Winnow alone reads those, from a file of their own."


def _blurred(events: pa.Table, view: pa.Table) -> Iterator[str]:
    yield f"{EVENTS_FILE}: no DISCOUNT, for no data set keeps it."
    there = events[TYPE].unique().to_pylist()
    told = [f"{each} is {WORDS[each]}" for each in WORDS if each in there and each not in _REVERSIBLE]
    if told:
        yield f"{EVENTS_FILE}: EVENT_TYPE has the layout's words as far as it has any: {', '.join(told)}."
    if not pc.all(pc.equal(events[AT], view["TIMESTAMP"].cast(pa.float64()))).as_py():
        yield f"{EVENTS_FILE}: TIMESTAMP has whole seconds, rounded down."


_REVERSIBLE = set(RETAIL_SCHEMA.events.types.values())
