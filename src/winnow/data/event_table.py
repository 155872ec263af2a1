"""Checks the table of events, drops what no model can learn from, and says so."""

import numpy as np
import pyarrow as pa

from winnow.data.arrow_compute import pc
from winnow.data.dataset import AT, ITEM, TYPE, USER
from winnow.data.event_times import event_times
from winnow.data.ledger import Ledger
from winnow.data.raw_columns import RawColumns
from winnow.data.typed_column import texts, true
from winnow.schema.column import Bools
from winnow.schema.schema import Events

WORDS_SHOWN = 5


def event_table(raw: RawColumns, users: pa.Table, items: pa.Table, now: float, ledger: Ledger) -> pa.Table:
    """The events as a Dataset has them; problems go to the ledger, and a table that cannot be read comes back empty.

    Dropped: rows without user, item or time, rows whose event type has no meaning in the schema, times out of range,
    items that the item table does not have (they could not be recommended), and exact repetitions. Two rows with the
    same user, item, type and time are the trace of an export that ran twice or of a message that was delivered twice,
    and even where they are real (two lines of one receipt) the second says nothing new about what the user likes.
    The same event at another second is another event. Kept, but reported: users that the user table does not have;
    to a model they are new users.

    Args:
        raw: the raw table.
        users: checked users, empty when there is no such table or it cannot be read.
        items: checked items, empty when they cannot be read.
        now: UTC seconds; events more than a day later cannot have happened.
        ledger: where problems go.
    """
    if not raw.can_be_read(ledger):
        return raw.nothing()
    raw, events = raw.selected(), raw.schema.events
    columns = {USER: raw.key(events.user, ledger), ITEM: raw.key(events.item, ledger), TYPE: _types(raw.table, events)}
    times = event_times(raw.table, events.time, events.time_unit, now, ledger)
    table = pa.table({**columns, AT: pa.array(times.at), **raw.typed(ledger)})
    keep = _without_gaps(raw, table, times.missing, ledger)
    keep = _with_meaning(raw, keep, table[TYPE], ledger)
    keep = _drop(raw, keep, times.outside, "rows have a time before 1995 or in the future", _CLOCK, ledger)
    keep = _with_known_items(raw, keep, table[ITEM], items, ledger)
    _report_unknown_users(raw, keep, table[USER], users, ledger)
    keep = _without_repetitions(raw, keep, table, ledger)
    _refuse_no_positives(raw, keep, table[TYPE], ledger)
    return _in_order(table, keep)


_CLOCK = "Mend the times, time_unit in the schema, or this machine's clock."
_IDS = "Do both files write ids in the same way?"


def _types(table: pa.Table, events: Events) -> pa.ChunkedArray:
    """EventType values, null where the raw word has no meaning."""
    if events.type is None:
        return pa.chunked_array([pa.repeat(str(events.positives[0]), table.num_rows)])
    words, meanings = list(events.types), pa.array([str(each) for each in events.types.values()], pa.string())
    codes = pc.index_in(texts(table[events.type]).values, pa.array(words, pa.string()))
    return pa.chunked_array([meanings.take(codes.combine_chunks())])


def _without_gaps(raw: RawColumns, table: pa.Table, no_time: Bools, ledger: Ledger) -> Bools:
    events, keep = raw.schema.events, np.ones(raw.table.num_rows, bool)
    no_user, no_item = true(pc.is_null(table[USER])), true(pc.is_null(table[ITEM]))
    for name, missing in ((events.user, no_user), (events.item, no_item), (events.time, no_time)):
        keep = _drop(raw, keep, missing, f"rows have no {name}", f"Every event needs a {name}.", ledger)
    return keep


def _with_meaning(raw: RawColumns, keep: Bools, types: pa.ChunkedArray, ledger: Ledger) -> Bools:
    """Without rows whose type is not in the schema: a shop logs much that is not about items, so any share may go."""
    column, dropped = raw.schema.events.type, keep & true(pc.is_null(types))
    if column is None or not dropped.any():
        return keep
    counts = texts(raw.table[column]).values.filter(pa.array(dropped)).value_counts().to_pylist()
    counts = sorted(counts, key=lambda each: -each["counts"])
    shown = ", ".join(f"{each['values'] or 'missing'} {each['counts']:,}" for each in counts[:WORDS_SHOWN])
    problem = f"rows have an event type without a meaning in the schema ({shown})"
    ledger.note(raw.name, raw.table, dropped, problem, "dropped")
    return keep & ~dropped


def _with_known_items(raw: RawColumns, keep: Bools, column: pa.ChunkedArray, items: pa.Table, ledger: Ledger) -> Bools:
    if not items.num_rows:  # the ledger says why already
        return keep
    unknown = ~true(pc.is_in(column, items[ITEM].combine_chunks()))
    return _drop(raw, keep, unknown, "rows name an item that the items table does not have", _IDS, ledger)


def _report_unknown_users(
    raw: RawColumns, keep: Bools, column: pa.ChunkedArray, users: pa.Table, ledger: Ledger
) -> None:
    if not users.num_rows:
        return
    unknown = keep & ~true(pc.is_in(column, users[USER].combine_chunks()))
    problem = "rows name a user that the users table does not have"
    if keep.any() and unknown.sum() == keep.sum():
        ledger.refuse(raw.name, raw.table, unknown, problem, f"That is every row. {_IDS}")
    else:
        ledger.note(raw.name, raw.table, unknown, problem, "kept")


def _without_repetitions(raw: RawColumns, keep: Bools, table: pa.Table, ledger: Ledger) -> Bools:
    numbered = table.select([USER, ITEM, TYPE, AT]).append_column("row", pa.array(np.arange(len(keep))))
    groups = numbered.filter(pa.array(keep)).group_by([USER, ITEM, TYPE, AT]).aggregate([("row", "min")])
    first = np.zeros(len(keep), bool)
    first[groups["row_min"].to_numpy()] = True
    problem = "rows repeat the user, item, type and time of an earlier row"
    ledger.note(raw.name, raw.table, keep & ~first, problem, "dropped")
    return keep & first


def _drop(raw: RawColumns, keep: Bools, rows: Bools, problem: str, remedy: str, ledger: Ledger) -> Bools:
    ledger.drop(raw.name, raw.table, keep & rows, problem, remedy)
    return keep & ~rows


def _in_order(table: pa.Table, keep: Bools) -> pa.Table:
    rows = np.flatnonzero(keep)
    return table.take(pa.array(rows[np.argsort(table[AT].to_numpy()[rows], kind="stable")]))


def _refuse_no_positives(raw: RawColumns, keep: Bools, types: pa.ChunkedArray, ledger: Ledger) -> None:
    positives = raw.schema.events.positives
    if (
        not ledger.errors
        and not (keep & true(pc.is_in(types, pa.array([str(each) for each in positives], pa.string())))).any()
    ):
        ledger.fail(
            f"Of {len(keep):,} events, {keep.sum():,} can be used and none is a positive ({', '.join(positives)}); "
            "without positives there is nothing to learn. Check events.types and events.positives in the schema."
        )
