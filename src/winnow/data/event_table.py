"""Checks the table of events, drops what no model can learn from, and says so."""

from collections.abc import Callable

import pyarrow as pa

from winnow.data.arrow_compute import pc
from winnow.data.counted_words import counted_words
from winnow.data.dataset import AT, ITEM, TYPE, USER
from winnow.data.event_times import event_times
from winnow.data.ledger import Ledger
from winnow.data.logged_rows import LoggedRows, visitors
from winnow.data.raw_columns import RawColumns
from winnow.data.typed_column import texts, true
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
    columns = {USER: visitors(raw, ledger), ITEM: raw.key(events.item, ledger), TYPE: _types(raw.table, events)}
    step(1)
    times = event_times(raw, now, ledger)
    step(1)
    table = pa.table({**columns, AT: pa.array(times.at), **raw.typed(ledger)})
    rows = LoggedRows(raw=raw, table=table, ledger=ledger)
    step(1)
    keep = _with_meaning(raw, rows.whole(times), table[TYPE], ledger)
    step(1)
    keep = rows.with_known_items(keep, items)
    rows.report_unknown_users(keep, users)
    step(1)
    keep = rows.without_repetitions(keep, (USER, ITEM, TYPE, AT))
    step(4)
    _refuse_no_positives(raw, keep, table[TYPE], ledger)
    _refuse_too_few(keep, table, ledger)
    return rows.in_order(keep)


def _types(table: pa.Table, events: Events) -> pa.ChunkedArray:
    """EventType values, null where the raw word has no meaning."""
    if events.type is None:
        return pa.chunked_array([pa.repeat(str(events.positives[0]), table.num_rows)])
    words, meanings = list(events.types), pa.array([str(each) for each in events.types.values()], pa.string())
    codes = pc.index_in(texts(table[events.type]).values, pa.array(words, pa.string()))
    return pa.chunked_array([meanings.take(codes.combine_chunks())])


def _with_meaning(raw: RawColumns, keep: Bools, types: pa.ChunkedArray, ledger: Ledger) -> Bools:
    """Without rows whose type is not in the schema: a shop logs much that is not about items, so any share may go."""
    column, dropped = raw.schema.events.type, keep & true(pc.is_null(types))
    if column is None or not dropped.any():
        return keep
    words = counted_words(texts(raw.table[column]).values.filter(pa.array(dropped)))
    problem = f"rows have an event type without a meaning in the schema ({words})"
    ledger.note(raw.name, raw.table, dropped, problem, "dropped")
    return keep & ~dropped


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
