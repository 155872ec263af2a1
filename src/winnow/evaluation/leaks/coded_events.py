"""Events as numbers beside the table that they come from."""

from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import pyarrow as pa

from winnow.data.arrow_compute import pc
from winnow.data.dataset import AT, ITEM, TYPE, USER, Dataset
from winnow.evaluation.leaks.finding import MOST_ROWS, Evidence
from winnow.schema.column import Array, Bools
from winnow.schema.schema import EventType


@dataclass(frozen=True, slots=True, kw_only=True)
class CodedEvents:
    """N events; a check compares numbers and shows rows.

    Attributes:
        table: rows in the form of `Dataset.events`.
        users: int64 [N], codes of the users from 0, in no special order.
        user_rows: int64 [N], rows of the user table; -1 where it lacks the user.
        items: int64 [N], rows of the item table; -1 where it lacks the item.
        types: int64 [N], positions in `tuple(EventType)`; -1 where there is no such type.
        at: float64 [N], UTC seconds.
        positive: bool [N], whether the type is positive.
    """

    table: pa.Table
    users: Array
    user_rows: Array
    items: Array
    types: Array
    at: Array
    positive: Bools

    @classmethod
    def of(cls, dataset: Dataset, table: pa.Table) -> "CodedEvents":
        """Codes some events of a data set."""
        types = pa.chunked_array([[str(each) for each in EventType]])
        positives = pa.array([str(each) for each in dataset.schema.events.positives])
        users = table[USER].combine_chunks().dictionary_encode()
        rows = positions(users.dictionary, dataset.users[USER])
        return cls(
            table=table,
            users=np.asarray(users.indices, np.int64),
            user_rows=rows[np.asarray(users.indices, np.int64)],
            items=positions(table[ITEM], dataset.items[ITEM]),
            types=positions(table[TYPE], types),
            at=np.asarray(table[AT], np.float64),
            positive=np.asarray(pc.is_in(table[TYPE], positives), bool),
        )

    def __len__(self) -> int:
        return len(self.at)

    @property
    def moments(self) -> Array:
        """complex128 [N], user and instant as one number that sorts by user, then time; exact."""
        return self.users + 1j * self.at

    def slice(self, start: int, end: int) -> "CodedEvents":
        """Events `start` to `end`, views."""
        part = slice(start, end)
        return CodedEvents(
            table=self.table.slice(start, end - start),
            users=self.users[part],
            user_rows=self.user_rows[part],
            items=self.items[part],
            types=self.types[part],
            at=self.at[part],
            positive=self.positive[part],
        )

    def first_rows(self, rows: Array) -> Evidence:
        """The first few of the given events, to be shown."""
        shown = self.table.select([USER, ITEM, TYPE, AT]).take(pa.array(rows[:MOST_ROWS]))
        return tuple({**row, AT: instant(row[AT])} for row in shown.to_pylist())


def instant(at: float) -> str:
    """UTC seconds as people write them, or as a number where no calendar reaches."""
    try:
        return datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds")
    except (OverflowError, ValueError):
        return f"{at:g} s"


def positions(names: pa.Array | pa.ChunkedArray, known: pa.ChunkedArray) -> Array:
    """int64 [N], where each name stands among the known ones; -1 where it does not."""
    return np.asarray(pc.fill_null(pc.index_in(names, value_set=known.combine_chunks()), -1), np.int64)
