"""Items that came, changed and went over HTTP become part of a data set, and so of the next training."""

import hashlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa

from winnow.data.arrow_compute import pc
from winnow.data.canonical import raw_columns
from winnow.data.dataset import ITEM, Dataset
from winnow.data.entity_table import entity_table
from winnow.data.ledger import Ledger
from winnow.data.link_pictures import link_pictures
from winnow.data.raw_columns import RawColumns
from winnow.data.report import Action, Finding
from winnow.data.write_pictures import named_pictures
from winnow.engine.availability import is_available
from winnow.features.value_column import value_column
from winnow.schema.column import plain
from winnow.schema.errors import DataError, RequestError
from winnow.schema.feature import Entity
from winnow.schema.schema import Schema
from winnow.serving.items.item_changes import ItemChanges

AVAILABLE = "available"
"""Column that a data set gets where it has none that says so, and an item was withdrawn."""


def apply_changes(dataset: Dataset, changes: ItemChanges, media: Path) -> Dataset:
    """The data set with these items new, replaced or not available.

    A replaced item keeps its row. A withdrawn one keeps it too, marked as not available, for events name it; one that
    the data set does not have is added only where events do.

    Args:
        dataset: opened with `coming=changes.given`, so that events on new items are in it.
        changes: over HTTP.
        media: an empty folder; it gets all pictures that items name, and is the media of what comes back.

    Raises:
        DataError: an item does not fit the schema of the data set, or its picture is missing; names the item.
    """
    there = set(dataset.items[ITEM].to_pylist())
    kept = there | set(dataset.events[ITEM].unique().to_pylist())
    given = [each for each in changes.given if each not in changes.withdrawn or each in kept]
    gone = changes.withdrawn & {*there, *given}
    dataset = _telling(dataset, changes, given, gone)
    rows = [{ITEM: each, **_row(dataset.schema, changes, each, media)} for each in given]
    items = _available(dataset.schema, _merged(dataset.items, rows), gone)
    dataset = replace(dataset, items=_checked(dataset.schema, items))
    findings = (*dataset.report.findings, *_findings(given, gone, there))
    return replace(dataset, media=_gathered(dataset, media), report=replace(dataset.report, findings=findings))


def _telling(dataset: Dataset, changes: ItemChanges, given: Collection[str], gone: Collection[str]) -> Dataset:
    """With a column that says whether items are available, where one is needed."""
    columns, name = dataset.items.column_names, AVAILABLE
    told = AVAILABLE not in columns and any(AVAILABLE in (changes.given[each].values or {}) for each in given)
    if dataset.schema.available is not None or not (gone or told):
        return dataset
    while name in columns:
        name += "_"
    items = dataset.items.append_column(name, pa.nulls(dataset.items.num_rows, pa.bool_()))
    return replace(dataset, schema=replace(dataset.schema, available=name), items=items)


def _row(schema: Schema, changes: ItemChanges, item_id: str, media: Path) -> dict[str, Any]:
    """The item as the table has it; its pictures are written to `media`."""
    values = changes.given[item_id].with_pictures(changes.pictures.read)
    columns = raw_columns(schema, Entity.ITEM)
    if unknown := sorted(values.keys() - set(columns)):
        raise _unfit(item_id, f"The data set has no column '{unknown[0]}'; an item has: {', '.join(columns)}.")
    try:
        return {name: _kept(_value(schema, name, values), media) for name in columns if values.get(name) is not None}
    except RequestError as error:
        raise _unfit(item_id, str(error)) from error


def _unfit(item_id: str, why: str) -> DataError:
    return DataError(
        f"The item '{item_id}', which came over HTTP, does not fit the data set. {why} Send it again as it should be, "
        "or delete its lines from the item log."
    )


def _value(schema: Schema, column: str, values: Mapping[str, Any]) -> Any:
    """One value as the service reads it: text, number, vector, instant, truth, or the content of a picture."""
    if column == schema.available:
        return is_available(column, values[column])
    features = [each for each in schema.of(Entity.ITEM) if each.column == column]
    if not features and not isinstance(values[column], str):
        raise RequestError(f"The item field '{column}' is not text; the title of an item is text, or absent.")
    return plain(value_column(features, [values]))[0] if features else values[column]


def _kept(value: Any, media: Path) -> Any:
    """A picture by the name of its file; another value as it is."""
    if not isinstance(value, bytes):
        return value
    name = hashlib.sha256(value).hexdigest()
    (media / name).write_bytes(value)
    return name


def _merged(items: pa.Table, rows: list[dict[str, Any]]) -> pa.Table:
    """The table with these rows instead of those of the same ids, or behind them."""
    new = pa.Table.from_pylist(rows, schema=items.schema.remove_metadata())
    place_of = {row[ITEM]: items.num_rows + place for place, row in enumerate(rows)}
    order = [place_of.pop(item_id, row) for row, item_id in enumerate(items[ITEM].to_pylist())]
    return pa.concat_tables([items, new]).take(pa.array([*order, *place_of.values()], pa.int64()))


def _available(schema: Schema, items: pa.Table, gone: Collection[str]) -> pa.Table:
    if not gone:
        return items
    name = schema.available
    withdrawn = pc.is_in(items[ITEM], pa.array(sorted(gone), pa.string()))
    told = pc.if_else(withdrawn, pa.scalar(False), items[name])
    return items.set_column(items.column_names.index(name), name, told)


def _checked(schema: Schema, items: pa.Table) -> pa.Table:
    """By the checks that every import goes through."""
    ledger = Ledger()
    raw = RawColumns(name="items", table=items, schema=schema, entity=Entity.ITEM)
    checked = entity_table(raw, ledger)
    ledger.close("the data set with the items that came over HTTP")
    return checked


def _gathered(dataset: Dataset, media: Path) -> Path | None:
    """The folder of all pictures, where items have any: those that did not come over HTTP join the others."""
    if dataset.media is None:
        return None
    link_pictures(dataset.media, named_pictures(dataset), media)
    return media


def _findings(given: Collection[str], gone: Collection[str], there: Collection[str]) -> Iterator[Finding]:
    new = [each for each in given if each not in there]
    old = [each for each in given if each in there and each not in gone]
    told: tuple[tuple[Action, list[str]], ...] = (("added", new), ("replaced", old), ("withdrawn", sorted(gone)))
    for action, ids in told:
        if ids:
            problem = "changed over HTTP"
            yield Finding(table="items", problem=problem, count=len(ids), example=ids[0], action=action)
