"""Users, items and events of a shop, checked and in one form."""

import hashlib
from dataclasses import dataclass

import pyarrow as pa

from winnow.data.report import DataReport
from winnow.schema.schema import Schema

USER, ITEM, TYPE, AT = "user_id", "item_id", "event_type", "at"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """What every importer returns and every job reads.

    Attributes:
        schema: the meaning of the columns.
        users: column `user_id` (string, unique) and the raw columns of user features.
        items: column `item_id` (string, unique), the raw columns of item features, and the title.
        events: columns `user_id`, `item_id` (string, both known), `event_type` (string, EventType values), `at`
            (float64, UTC seconds) and the raw columns of context features, but a TIME feature's column is `at`
            itself; sorted by `at`, ties in file order.
        report: what was read, and what was dropped and why.
        source: where it was read from, for the record.
    """

    schema: Schema
    users: pa.Table
    items: pa.Table
    events: pa.Table
    report: DataReport
    source: str

    @property
    def digest(self) -> str:
        """SHA-256 over schema and table contents, hexadecimal; the same rows give the same digest anywhere."""
        total = hashlib.sha256(self.schema.digest.encode())
        for table in (self.users, self.items, self.events):
            sink = pa.BufferOutputStream()
            with pa.ipc.new_stream(sink, table.schema.remove_metadata()) as writer:
                writer.write_table(table.replace_schema_metadata(None).combine_chunks())
            total.update(sink.getvalue())
        return total.hexdigest()
