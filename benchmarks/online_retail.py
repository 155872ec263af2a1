"""UCI Online Retail as a data set: purchases by known customers."""

import time
from pathlib import Path

import pyarrow as pa

from benchmarks.refused import RefusedError
from winnow.data.arrow_compute import pc
from winnow.data.dataset import Dataset
from winnow.data.raw_tables import RawTables
from winnow.data.table_file import read_table
from winnow.data.validation import validated
from winnow.schema.feature import Entity, Feature, Kind
from winnow.schema.schema import Events, EventType, Schema
from winnow.schema.transform import CyclicalHour, CyclicalWeekday, History, LogStandardise, TextVector, Vocabulary

FILE = "online_retail.parquet"
BOUGHT = EventType.PURCHASE
SCHEMA = Schema(
    features=(
        Feature(name="customer", entity=Entity.USER, kind=Kind.ID, transform=Vocabulary(), column="CustomerID"),
        Feature(name="country", entity=Entity.USER, kind=Kind.CATEGORY, transform=Vocabulary(), column="Country"),
        Feature(name="history", entity=Entity.USER, kind=Kind.ID, transform=History(types=(BOUGHT,))),
        Feature(name="item", entity=Entity.ITEM, kind=Kind.ID, transform=Vocabulary(), column="StockCode"),
        Feature(name="price", entity=Entity.ITEM, kind=Kind.NUMBER, transform=LogStandardise(), column="UnitPrice"),
        Feature(name="text", entity=Entity.ITEM, kind=Kind.TEXT, transform=TextVector(), column="Description"),
        Feature(name="hour", entity=Entity.CONTEXT, kind=Kind.TIME, transform=CyclicalHour(), column="InvoiceDate"),
        Feature(name="day", entity=Entity.CONTEXT, kind=Kind.TIME, transform=CyclicalWeekday(), column="InvoiceDate"),
    ),
    events=Events(
        user="CustomerID",
        item="StockCode",
        time="InvoiceDate",
        type=None,
        positives=(BOUGHT,),
        time_unit="timestamp",
    ),
    user_key="CustomerID",
    item_key="StockCode",
)


def read_online_retail(folder: Path) -> Dataset:
    """Lines with a customer and a positive quantity; an item's text and price are those of its first line.

    Raises:
        RefusedError: the file is not there.
    """
    if not (folder / FILE).is_file():
        raise RefusedError(f"There is no file {folder / FILE}; name the folder that it should be in with WINNOW_DATA.")
    lines = read_table(folder / FILE)
    sold = lines.filter(pc.and_(pc.is_valid(lines["CustomerID"]), pc.greater(lines["Quantity"], 0)))
    raw = RawTables(
        users=_first_of(sold, "CustomerID", ("Country",)),
        items=_first_of(sold, "StockCode", ("Description", "UnitPrice")),
        events=sold.select(["CustomerID", "StockCode", "InvoiceDate"]),
    )
    return validated(raw, SCHEMA, source=str(folder), now=time.time())


def _first_of(lines: pa.Table, key: str, columns: tuple[str, ...]) -> pa.Table:
    """One row for each key: what its first line says."""
    first = lines.group_by(key, use_threads=False).aggregate([(column, "first") for column in columns])
    return first.select([key, *(f"{column}_first" for column in columns)]).rename_columns([key, *columns])
