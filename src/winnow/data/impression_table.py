"""Checks the table of impressions: what was shown to whom, and what came of it."""

from dataclasses import replace

import numpy as np
import pyarrow as pa

from winnow.data.arrow_compute import pc
from winnow.data.counted_words import counted_words
from winnow.data.dataset import AT, ITEM, OUTCOME, POSITION, PROPENSITY, USER
from winnow.data.event_times import event_times
from winnow.data.ledger import Ledger
from winnow.data.logged_rows import LoggedRows, visitors
from winnow.data.raw_columns import RawColumns
from winnow.data.typed_column import is_text, numbers, plain, texts, true
from winnow.schema.column import Bools
from winnow.schema.schema import Impressions


def impression_table(
    raw: RawColumns, told: Impressions, users: pa.Table, items: pa.Table, now: float, ledger: Ledger
) -> pa.Table:
    """The impressions as a Dataset has them; problems go to the ledger, and what cannot be read comes back empty.

    As of events, rows without visitor, item or time are dropped, and those of unknown items; so are rows whose outcome
    has no meaning, for a label that is none would teach nonsense, and rows that repeat visitor, item and time.

    Args:
        raw: as `read_as_log` makes it.
        told: what the schema says of impressions.
        users: checked users, empty when there is no such table or it cannot be read.
        items: checked items, empty when they cannot be read.
        now: UTC seconds.
        ledger: where problems go.
    """
    if not raw.can_be_read(ledger):
        return raw.nothing()
    raw = raw.selected()
    times = event_times(raw, now, ledger)
    columns = {
        USER: visitors(raw, ledger),
        ITEM: raw.key(raw.schema.events.item, ledger),
        OUTCOME: _outcomes(raw, told),
        AT: pa.array(times.at),
        **_positions(raw, told, ledger),
        **_propensities(raw, told, ledger),
    }
    rows = LoggedRows(raw=raw, table=pa.table({**columns, **raw.typed(ledger)}), ledger=ledger)
    keep = _with_meaning(rows, rows.whole(times), told)
    keep = rows.with_known_items(keep, items)
    rows.report_unknown_users(keep, users)
    return rows.in_order(rows.without_repetitions(keep, (USER, ITEM, AT)))


def read_as_log(raw: RawColumns, told: Impressions) -> RawColumns:
    """The raw table read as events are, but for the column of event types, in place of which it has an outcome."""
    schema = replace(raw.schema, events=replace(raw.schema.events, type=None))
    named = {"outcome": told.outcome, "position": told.position, "propensity": told.propensity}
    beside = {f"impressions.{key}": column for key, column in named.items() if column is not None}
    return replace(raw, schema=schema, beside=beside)


def _outcomes(raw: RawColumns, told: Impressions) -> pa.ChunkedArray:
    """EventType values, null where nothing came of it or the word has no meaning."""
    types = {word: each for word, each in raw.schema.events.types.items() if word != told.nothing}
    meanings = pa.array([str(each) for each in types.values()], pa.string())
    codes = pc.index_in(texts(raw.table[told.outcome]).values, pa.array(list(types), pa.string()))
    return pa.chunked_array([meanings.take(codes.combine_chunks())])


def _with_meaning(rows: LoggedRows, keep: Bools, told: Impressions) -> Bools:
    """Without rows whose outcome is a word that the schema does not have."""
    raw = rows.raw
    words = texts(raw.table[told.outcome]).values
    said = true(pc.is_valid(words)) & true(pc.not_equal(words, told.nothing))
    unclear = keep & said & true(pc.is_null(rows.table[OUTCOME]))
    if not unclear.any():
        return keep
    problem = f"rows have an outcome without a meaning ({counted_words(words.filter(pa.array(unclear)))})"
    remedy = (
        f"Give the words of '{told.outcome}' a meaning under events.types{raw.places.after('events.types')}, or name "
        f"the one that says that nothing came of it under impressions.nothing{raw.places.after('impressions.nothing')}."
    )
    return rows.without(keep, unclear, problem, remedy)


def _positions(raw: RawColumns, told: Impressions, ledger: Ledger) -> dict[str, pa.ChunkedArray]:
    """float64 from 1, null where it is not known."""
    if told.position is None:
        return {}
    typed = numbers(raw.table[told.position])
    wrong = typed.wrong | true(pc.less(typed.values, 1))
    problem = f"values of '{told.position}' are no places on a page"
    remedy = "Write numbers from 1, or leave them empty where the place is not known."
    ledger.refuse(raw.name, raw.table, wrong, problem, remedy + raw.places.after("impressions.position"))
    return {POSITION: typed.values}


def _propensities(raw: RawColumns, told: Impressions, ledger: Ledger) -> dict[str, pa.ChunkedArray]:
    """float64 above 0 and at most 1, null where it is not known.

    Elsewhere NaN is missing. Here it is what a wrong division left, and as missing it would weigh as much as the mean.
    """
    if told.propensity is None:
        return {}
    typed = numbers(raw.table[told.propensity])
    wrong = typed.wrong | true(pc.or_(pc.less_equal(typed.values, 0), pc.greater(typed.values, 1)))
    wrong |= _not_numbers(raw.table[told.propensity])
    problem = f"values of '{told.propensity}' are no probabilities of what was shown"
    remedy = "Write numbers above 0 and at most 1, or leave them empty where the probability is not known."
    ledger.refuse(raw.name, raw.table, wrong, problem, remedy + raw.places.after("impressions.propensity"))
    return {PROPENSITY: typed.values}


def _not_numbers(raw: pa.ChunkedArray) -> Bools:
    """bool [N], where the value is NaN, as a number or as a word."""
    values = plain(raw)
    if pa.types.is_floating(values.type):
        return true(pc.is_nan(values))
    if is_text(values.type):
        return true(pc.equal(pc.utf8_lower(pc.utf8_trim_whitespace(values)), "nan"))
    return np.zeros(len(values), np.bool_)
