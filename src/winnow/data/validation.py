"""From raw tables to a Dataset, or to one error that names every problem."""

import pyarrow as pa

from winnow.data.canonical import canonical_schema
from winnow.data.dataset import Dataset
from winnow.data.entity_table import entity_table
from winnow.data.event_table import event_table
from winnow.data.ledger import Ledger
from winnow.data.raw_columns import RawColumns
from winnow.data.raw_tables import RawTables
from winnow.data.report import DataReport
from winnow.schema.feature import Entity
from winnow.schema.schema import Schema


def validated(raw: RawTables, schema: Schema, *, source: str, now: float) -> Dataset:
    """Check everything, drop what cannot be used and report it.

    Args:
        raw: tables as the files brought them.
        schema: their meaning, with the raw column names.
        source: where they came from, for messages and the record.
        now: UTC seconds; events more than a day later are out of range.

    Raises:
        DataError: the data cannot be used; the message lists all problems, with counts and example rows.
    """
    ledger, canonical = Ledger(), canonical_schema(schema)
    users = RawColumns(name="users", table=_users(raw, schema), schema=schema, entity=Entity.USER)
    items = RawColumns(name="items", table=raw.items, schema=schema, entity=Entity.ITEM)
    events = RawColumns(name="events", table=raw.events, schema=schema, entity=Entity.CONTEXT)
    tables = {"users": entity_table(users, ledger), "items": entity_table(items, ledger)}
    tables["events"] = event_table(events, tables["users"], tables["items"], now, ledger)
    ledger.close(source)
    given = (users, items, events)
    report = DataReport(
        rows_read={each.name: each.table.num_rows for each in given},
        rows_kept={each.name: tables[each.name].num_rows for each in given},
        findings=tuple(ledger.findings),
        unused={each.name: each.unused for each in given if each.unused},
    )
    return Dataset(schema=canonical, **tables, report=report, source=source)


def _users(raw: RawTables, schema: Schema) -> pa.Table:
    nobody = pa.table({schema.user_key: pa.array([], pa.string())})
    return nobody if raw.users is None else raw.users
