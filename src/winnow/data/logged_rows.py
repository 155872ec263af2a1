"""What a log says of who, what and when: read, and rows without it dropped."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from winnow.data.arrow_compute import pc
from winnow.data.dataset import AT, ITEM, USER
from winnow.data.event_times import EventTimes, time_column
from winnow.data.id_spelling import spelling_hint
from winnow.data.ledger import Ledger
from winnow.data.raw_columns import RawColumns
from winnow.data.typed_column import true
from winnow.data.visitors import are_anonymous, visitor_ids
from winnow.schema.column import Bools

_CLOCK = "Mend the times, time_unit in the schema, or this machine's clock."
_IDS = "Do both files write ids in the same way?"


def visitors(raw: RawColumns, ledger: Ledger) -> pa.ChunkedArray:
    """Users, and anonymous visitors by their sessions."""
    events, users = raw.schema.events, raw.key(raw.schema.events.user, ledger)
    return users if events.session is None else visitor_ids(users, raw.key(events.session, ledger))


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedRows:
    """The rows of a log, and where their problems go.

    Attributes:
        raw: the raw table.
        table: the same rows as a Dataset has them, `user_id`, `item_id` and `at` among the columns.
        ledger: where problems go.
    """

    raw: RawColumns
    table: pa.Table
    ledger: Ledger

    def whole(self, times: EventTimes) -> Bools:
        """bool [N], the rows that have a visitor, an item and a time that can be."""
        events, keep = self.raw.schema.events, np.ones(self.table.num_rows, bool)
        no_user, no_item = true(pc.is_null(self.table[USER])), true(pc.is_null(self.table[ITEM]))
        for name, missing in ((events.user, no_user), (events.item, no_item), (events.time, times.missing)):
            keep = self.without(keep, missing, f"rows have no {name}", f"Every row needs a {name}.")
        outside = "rows have a time before 1995 or in the future"
        return self.without(keep, times.outside, outside, _CLOCK + time_column(self.raw))

    def without(self, keep: Bools, rows: Bools, problem: str, remedy: str) -> Bools:
        """Of the rows to keep those that do not have the problem; more than half of the table is an error."""
        self.ledger.drop(self.raw.name, self.raw.table, keep & rows, problem, remedy)
        return keep & ~rows

    def with_known_items(self, keep: Bools, items: pa.Table) -> Bools:
        """Without items that the item table does not have: they could not be recommended."""
        if not items.num_rows:  # the ledger says why already
            return keep
        unknown = ~true(pc.is_in(self.table[ITEM], items[ITEM].combine_chunks()))
        hint = self._hint(keep & unknown, ITEM, items[ITEM])
        problem = f"rows name an item that the items table does not have{hint}"
        remedy = f"{_IDS} The column is '{self.raw.schema.events.item}'{self.raw.places.after('events.item')}."
        return self.without(keep, unknown, problem, remedy)

    def report_unknown_users(self, keep: Bools, users: pa.Table) -> None:
        """Kept, but reported: to a model they are new users."""
        if not users.num_rows:
            return
        raw, column = self.raw, self.table[USER]
        unknown = keep & ~true(are_anonymous(column)) & ~true(pc.is_in(column, users[USER].combine_chunks()))
        hint = self._hint(unknown, USER, users[USER])
        problem = f"rows name a user that the users table does not have{hint}"
        remedy = f"{_IDS} The column is '{raw.schema.events.user}'{raw.places.after('events.user')}."
        if keep.any() and unknown.sum() == keep.sum():
            self.ledger.refuse(raw.name, raw.table, unknown, problem, f"That is every row. {remedy}")
        else:
            self.ledger.note(raw.name, raw.table, unknown, problem, "kept")

    def without_repetitions(self, keep: Bools, names: tuple[str, ...]) -> Bools:
        """The first of the rows that agree in some columns."""
        numbered = self.table.select(list(names)).append_column("row", pa.array(np.arange(len(keep))))
        groups = numbered.filter(pa.array(keep)).group_by(list(names)).aggregate([("row", "min")])
        first = np.zeros(len(keep), bool)
        first[groups["row_min"].to_numpy()] = True
        words = ", ".join(each.removesuffix("_id").removeprefix("event_").replace("at", "time") for each in names)
        problem = f"rows repeat the {' and '.join(words.rsplit(', ', 1))} of an earlier row"
        self.ledger.note(self.raw.name, self.raw.table, keep & ~first, problem, "dropped")
        return keep & first

    def in_order(self, keep: Bools) -> pa.Table:
        """The rows to keep, by time, ties in file order."""
        rows = np.flatnonzero(keep)
        return self.table.take(pa.array(rows[np.argsort(self.table[AT].to_numpy()[rows], kind="stable")]))

    def _hint(self, rows: Bools, column: str, known: pa.ChunkedArray) -> str:
        return spelling_hint(self.table[column].filter(pa.array(rows)), known) if rows.any() else ""
