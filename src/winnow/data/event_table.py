"""Checks the table of events, drops what no model can learn from, and says so."""

from collections.abc import Callable

import numpy as np
import pyarrow as pa

from winnow.data.arrow_compute import pc
from winnow.data.counted_words import counted_words
from winnow.data.dataset import AT, ITEM, TYPE, USER
from winnow.data.event_times import event_times, time_column
from winnow.data.id_spelling import spelling_hint
from winnow.data.ledger import Ledger
from winnow.data.raw_columns import RawColumns
from winnow.data.typed_column import texts, true
from winnow.data.visitors import are_anonymous, visitor_ids
from winnow.schema.column import Bools
from winnow.schema.schema import Events

EVENT_STEPS = 9


def event_table(
    raw: RawColumns, users: pa.Table, items: pa.Table, now: float, ledger: Ledger, step: Callable[[int], None]
) -> pa.Table:
    """The events as a Dataset has them; problems go to the ledger, and a table that cannot be read comes back empty.

    A visitor without a user id goes by the session, where the schema names one. Dropped: rows without visitor, item or
    time, rows whose event type has no meaning in the schema, times out of range, items that the item table does not
    have (they could not be recommended), and exact repetitions. Two rows with the same user, item, type and time are
    the trace of an export that ran twice or of a message that was delivered twice, and even where they are real (two
    lines of one receipt) the second says nothing new about what the user likes. The same event at another second is
    another event. Kept, but reported: users that the user table does not have; to a model they are new users.

    Args:
        raw: the raw table.
        users: checked users, empty when there is no such table or it cannot be read.
        items: checked items, empty when they cannot be read.
        now: UTC seconds; events more than a day later cannot have happened.
        ledger: where problems go.
        step: told how many of `EVENT_STEPS` are done since the last call.
    """
    if not raw.can_be_read(ledger):
        return raw.nothing()
    raw, events = raw.selected(), raw.schema.events
    columns = {USER: _visitors(raw, ledger), ITEM: raw.key(events.item, ledger), TYPE: _types(raw.table, events)}
    step(1)
    times = event_times(raw, now, ledger)
    step(1)
    table = pa.table({**columns, AT: pa.array(times.at), **raw.typed(ledger)})
    step(1)
    keep = _without_gaps(raw, table, times.missing, ledger)
    keep = _with_meaning(raw, keep, table[TYPE], ledger)
    outside = "rows have a time before 1995 or in the future"
    keep = _drop(raw, keep, times.outside, outside, _CLOCK + time_column(raw), ledger)
    step(1)
    keep = _with_known_items(raw, keep, table[ITEM], items, ledger)
    _report_unknown_users(raw, keep, table[USER], users, ledger)
    step(1)
    keep = _without_repetitions(raw, keep, table, ledger)
    step(4)
    _refuse_no_positives(raw, keep, table[TYPE], ledger)
    _refuse_too_few(keep, table, ledger)
    return _in_order(table, keep)


_CLOCK = "Mend the times, time_unit in the schema, or this machine's clock."
_IDS = "Do both files write ids in the same way?"


def _visitors(raw: RawColumns, ledger: Ledger) -> pa.ChunkedArray:
    """Users, and anonymous visitors by their sessions."""
    events, users = raw.schema.events, raw.key(raw.schema.events.user, ledger)
    return users if events.session is None else visitor_ids(users, raw.key(events.session, ledger))


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
    words = counted_words(texts(raw.table[column]).values.filter(pa.array(dropped)))
    problem = f"rows have an event type without a meaning in the schema ({words})"
    ledger.note(raw.name, raw.table, dropped, problem, "dropped")
    return keep & ~dropped


def _with_known_items(raw: RawColumns, keep: Bools, column: pa.ChunkedArray, items: pa.Table, ledger: Ledger) -> Bools:
    if not items.num_rows:  # the ledger says why already
        return keep
    unknown = ~true(pc.is_in(column, items[ITEM].combine_chunks()))
    problem = "rows name an item that the items table does not have" + _hint(keep & unknown, column, items[ITEM])
    remedy = f"{_IDS} The column is '{raw.schema.events.item}'{raw.places.after('events.item')}."
    return _drop(raw, keep, unknown, problem, remedy, ledger)


def _report_unknown_users(
    raw: RawColumns, keep: Bools, column: pa.ChunkedArray, users: pa.Table, ledger: Ledger
) -> None:
    if not users.num_rows:
        return
    unknown = keep & ~true(are_anonymous(column)) & ~true(pc.is_in(column, users[USER].combine_chunks()))
    problem = "rows name a user that the users table does not have" + _hint(unknown, column, users[USER])
    remedy = f"{_IDS} The column is '{raw.schema.events.user}'{raw.places.after('events.user')}."
    if keep.any() and unknown.sum() == keep.sum():
        ledger.refuse(raw.name, raw.table, unknown, problem, f"That is every row. {remedy}")
    else:
        ledger.note(raw.name, raw.table, unknown, problem, "kept")


def _hint(unknown: Bools, column: pa.ChunkedArray, known: pa.ChunkedArray) -> str:
    return spelling_hint(column.filter(pa.array(unknown)), known) if unknown.any() else ""


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
            f"without positives there is nothing to learn. Check events.types{raw.places.after('events.types')} and "
            f"events.positives{raw.places.after('events.positives')} in the schema."
        )


def _refuse_too_few(keep: Bools, table: pa.Table, ledger: Ledger) -> None:
    """A choice needs two items, and what somebody likes shows only beside somebody else."""
    used = table.filter(pa.array(keep))
    users, items = (len(used[name].unique()) for name in (USER, ITEM))
    if not ledger.errors and min(users, items) < 2:
        ledger.fail(
            f"Of {len(keep):,} events, {used.num_rows:,} can be used, and they name {users:,} {_plural('user', users)} "
            f"and {items:,} {_plural('item', items)}; to learn who likes what, at least 2 of each are wanted. Bring "
            "more events."
        )


def _plural(word: str, count: int) -> str:
    return word if count == 1 else f"{word}s"
