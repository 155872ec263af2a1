"""Users, items and events of a shop, checked and in one form."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from winnow.data.arrow_compute import pc
from winnow.data.report import DataReport
from winnow.schema.schema import Schema

USER, ITEM, TYPE, AT = "user_id", "item_id", "event_type", "at"
OUTCOME, POSITION, PROPENSITY = "outcome", "position", "propensity"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """What every importer returns and every job reads.

    Attributes:
        schema: the meaning of the columns under the names that they have here: keys `user_id` and `item_id`, event
            types by EventType, times in seconds.
        users: column `user_id` (string, unique) and the raw columns of user features; empty where a shop has none.
        items: column `item_id` (string, unique), the raw columns of item features, the title, and whether an item is
            available, where the schema names such a column.
        events: columns `user_id`, `item_id` (string), `event_type` (string, EventType values), `at` (float64, UTC
            seconds) and the raw columns of context features, but a TIME feature's column is `at` itself; sorted by
            `at`, ties in file order. Every item is known. A user may be unknown (anonymous, or new): such a user has
            a history and no features.
        impressions: what was shown: columns `user_id`, `item_id`, `at` and the raw columns of context features as in
            `events`, `outcome` (string, an EventType value, null where nothing came of it), and where the schema names
            them `position` (float64, from 1) and `propensity` (float64, above 0 and at most 1, the probability with
            which the item was put there), null where not known; sorted by `at`, ties in file order. None where no
            impressions were logged.
        report: what was read, and what was dropped and why.
        source: where it was read from, for the record; an absolute path where it was a folder.
        schema_file: absolute path of a schema file that lies elsewhere, "" when there was none.
        media: folder of the files that columns of images name; None where there are no images.

    Raw columns are string (ids, categories, texts, names of files), float64 (numbers), fixed-size lists of float32
    (vectors), float64 UTC seconds (times) or bool (whether an item is available); null is missing.
    """

    schema: Schema
    users: pa.Table
    items: pa.Table
    events: pa.Table
    report: DataReport
    source: str
    schema_file: str = ""
    media: Path | None = None
    impressions: pa.Table | None = None

    @property
    def digest(self) -> str:
        """SHA-256 over schema and table contents, hexadecimal; the same rows give the same digest anywhere."""
        total = hashlib.sha256(self.schema.digest.encode())
        logged = () if self.impressions is None else (self.impressions,)
        for table in (self.users, self.items, self.events, *logged):
            for name in table.column_names:
                total.update(f"{name}:{table[name].type}:{table.num_rows}".encode())
                for part in _content(table[name]):
                    total.update(part)
        return total.hexdigest()


def _content(column: pa.ChunkedArray) -> Iterator[memoryview]:
    """What the column says, free of how Arrow happens to store it (chunks, offsets, bytes under nulls)."""
    yield np.packbits(np.asarray(column.is_valid(), bool)).data
    values = column.drop_null()
    if pa.types.is_string(column.type):
        yield pc.binary_length(values).to_numpy().data
        yield from (_characters(chunk) for chunk in values.chunks if len(chunk))
    else:
        is_vector = pa.types.is_fixed_size_list(column.type)
        flat = (chunk.flatten() if is_vector else chunk for chunk in values.chunks if len(chunk))
        yield from (chunk.to_numpy(zero_copy_only=not pa.types.is_boolean(chunk.type)).data for chunk in flat)


def _characters(text: pa.Array) -> memoryview:
    """The UTF-8 bytes of a string array without nulls, one value after the other."""
    _, offsets, data = text.buffers()
    first, last = np.frombuffer(offsets, np.int32)[[text.offset, text.offset + len(text)]]
    return memoryview(data)[first:last]
