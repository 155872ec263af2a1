"""Importer of the Retail Demo Store layout: the files that its own generators write.

Source: github.com/aws-samples/retail-demo-store, generators for users, products and interactions.
"""

from pathlib import Path

import pyarrow as pa

from winnow.data.arrow_compute import pc
from winnow.data.raw_tables import RawTables
from winnow.data.read_files import read_files
from winnow.schema.errors import DataError
from winnow.schema.feature import Entity, Feature, Kind
from winnow.schema.progress import Progress
from winnow.schema.schema import Events, EventType, Schema
from winnow.schema.transform import (
    Bucketise,
    CyclicalHour,
    CyclicalWeekday,
    History,
    LogStandardise,
    Standardise,
    TextVector,
    Vocabulary,
)

ITEMS_FILE, USERS_FILE, EVENTS_FILE = "items.csv.gz", "users.csv.gz", "interactions.parquet"

ITEM_COLUMNS = {
    "ITEM_ID": "item_id",
    "PRICE": "price",
    "CATEGORY_L1": "category_l1",
    "CATEGORY_L2": "category_l2",
    "PRODUCT_NAME": "title",
    "PRODUCT_DESCRIPTION": "description",
    "GENDER": "gender_affinity",
    "PROMOTED": "promoted",
}
USER_COLUMNS = {"USER_ID": "user_id", "AGE": "age", "GENDER": "gender"}
# DISCOUNT is left out: it says how this very event was paid, which nobody knows when a recommendation is made.
EVENT_COLUMNS = {"ITEM_ID": "item_id", "USER_ID": "user_id", "EVENT_TYPE": "event_type", "TIMESTAMP": "at"}
COLUMNS_OF_FILE = {USERS_FILE: USER_COLUMNS, ITEMS_FILE: ITEM_COLUMNS, EVENTS_FILE: EVENT_COLUMNS}

AGE_EDGES = (18.0, 25.0, 35.0, 50.0, 65.0)


def _category(name: str, *, card: bool = False) -> Feature:
    return Feature(
        name=name, entity=Entity.ITEM, kind=Kind.CATEGORY, transform=Vocabulary(), card=card, filterable=True
    )


RETAIL_SCHEMA = Schema(
    features=(
        Feature(name="user_id", entity=Entity.USER, kind=Kind.ID, transform=Vocabulary()),
        Feature(name="age", entity=Entity.USER, kind=Kind.NUMBER, transform=Standardise()),
        Feature(
            name="age_bin", entity=Entity.USER, kind=Kind.NUMBER, transform=Bucketise(edges=AGE_EDGES), column="age"
        ),
        Feature(name="gender", entity=Entity.USER, kind=Kind.CATEGORY, transform=Vocabulary()),
        Feature(
            name="history", entity=Entity.USER, kind=Kind.ID, transform=History(length=50, types=(EventType.VIEW,))
        ),
        Feature(name="item_id", entity=Entity.ITEM, kind=Kind.ID, transform=Vocabulary()),
        _category("category_l1", card=True),
        _category("category_l2", card=True),
        _category("gender_affinity"),
        _category("promoted"),
        Feature(
            name="price",
            entity=Entity.ITEM,
            kind=Kind.NUMBER,
            transform=LogStandardise(),
            card=True,
            filterable=True,
        ),
        Feature(name="text", entity=Entity.ITEM, kind=Kind.TEXT, transform=TextVector(width=64)),
        Feature(name="description", entity=Entity.ITEM, kind=Kind.TEXT, card=True),
        Feature(name="hour", entity=Entity.CONTEXT, kind=Kind.TIME, transform=CyclicalHour(), column="at"),
        Feature(name="weekday", entity=Entity.CONTEXT, kind=Kind.TIME, transform=CyclicalWeekday(), column="at"),
    ),
    # ViewCart and StartCheckout repeat what the cart events of the same minute say and name no choice of an item.
    events=Events(
        time="at",
        types={"View": EventType.VIEW, "AddToCart": EventType.CART, "Purchase": EventType.PURCHASE},
        positives=(EventType.VIEW,),
    ),
    title="title",
)


def read_retail_demo_store(folder: Path, progress: Progress) -> RawTables:
    """The three tables under the column names of RETAIL_SCHEMA; name and description joined are the column `text`.

    Raises:
        DataError: a file is missing or damaged, or a column is missing.
    """
    tables = read_files({name: folder / name for name in COLUMNS_OF_FILE}, progress)
    tables = {name: _renamed(folder / name, table) for name, table in tables.items()}
    items = tables[ITEMS_FILE]
    text = pc.binary_join_element_wise(items["title"], items["description"], ". ", null_handling="skip")
    return RawTables(
        users=tables[USERS_FILE],
        items=items.append_column("text", text),
        events=tables[EVENTS_FILE],
    )


def _renamed(path: Path, table: pa.Table) -> pa.Table:
    """The table with its known columns renamed; others keep their names and the report lists them as unused.

    A column that already has the new name of another, as in an export of a data set, gives way to that one.
    """
    columns = COLUMNS_OF_FILE[path.name]
    missing = [column for column in columns if column not in table.column_names]
    if missing:
        raise DataError(
            f"The file {path} has no column {' and no column '.join(missing)}; it has: {', '.join(table.column_names)}."
        )
    kept = table.select([name for name in table.column_names if name not in columns.values()])
    renamed = kept.rename_columns([columns.get(name, name) for name in kept.column_names])
    return renamed.replace_schema_metadata(table.schema.metadata)
