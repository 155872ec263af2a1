"""Checks a table with one row per user or item."""

import pyarrow as pa

from winnow.data.arrow_compute import pc
from winnow.data.canonical import raw_columns, raw_names
from winnow.data.ledger import Ledger
from winnow.data.raw_columns import RawColumns, repeated
from winnow.data.typed_column import true
from winnow.schema.feature import Entity


def entity_table(raw: RawColumns, ledger: Ledger) -> pa.Table:
    """The table as a Dataset has it; problems go to the ledger, and a table that cannot be read comes back empty.

    Rows without a key are dropped. A key that occurs twice is an error, for nobody can say which row is right.
    A users table may be empty, or absent, where no feature asks for a column of it.
    """
    has_no_say = raw.entity is Entity.USER and not raw_columns(raw.schema, raw.entity) and not raw.table.num_rows
    if has_no_say or not raw.can_be_read(ledger):
        return raw.nothing()
    (raw_key, key_name) = next(iter(raw_names(raw.schema, raw.entity).items()))
    raw = raw.selected()
    keys = raw.key(raw_key, ledger)
    no_key = true(pc.is_null(keys))
    ledger.drop(raw.name, raw.table, no_key, f"rows have no {raw_key}", f"Give every row a {raw_key}.")
    problem = f"rows have a {raw_key} that an earlier row has"
    ledger.refuse(raw.name, raw.table, repeated(keys), problem, "Keep one row for each.")
    return pa.table({key_name: keys, **raw.typed(ledger)}).filter(pa.array(~no_key))
