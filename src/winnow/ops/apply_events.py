"""What visitors did while a service ran becomes part of a data set, and so of the next training."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace

import numpy as np
import pyarrow as pa

from winnow.data.arrow_compute import among
from winnow.data.dataset import AT, ITEM, TYPE, USER, Dataset
from winnow.data.event_times import DAY_S, OLDEST
from winnow.data.report import Action, Finding
from winnow.data.visitors import are_anonymous
from winnow.ops.logged_context import list_rows, logged_context
from winnow.ops.logged_example import logged_example
from winnow.schema.column import Bools
from winnow.schema.schema import EventType

KEYS, LOGGED = (USER, ITEM, TYPE, AT), ("user_id", "item_id", "type", "at")


@dataclass(slots=True, kw_only=True)
class _Sieve:
    """Logged events, those that are still kept, and what was found.

    Attributes:
        table: columns `KEYS` and those of the context.
        keep: bool [N].
        findings: so far.
    """

    table: pa.Table
    keep: Bools
    findings: list[Finding] = field(default_factory=list[Finding])

    def drop(self, rows: Bools, problem: str) -> None:
        """Without the marked rows, which the report counts."""
        self.note(rows, problem, "dropped")
        self.keep = self.keep & ~rows

    def note(self, rows: Bools, problem: str, action: Action) -> None:
        """Tells of the marked rows among those that are kept."""
        found = np.flatnonzero(rows & self.keep)
        if len(found):
            example = logged_example(self.table.select(KEYS).slice(int(found[0])))
            self.findings.append(
                Finding(table="events", problem=problem, count=len(found), example=example, action=action)
            )


def apply_events(
    dataset: Dataset, logged: pa.Table, lists: pa.Table, now: float, coming: Collection[str] = ()
) -> Dataset:
    """The data set with the events of a log behind its own, by the checks that events of a file go through.

    Types and names of visitors are those of a data set already; an event of a served list has the context of the list.
    Dropped: impressions where the data set has a table of them, which took what it can; types that this program does
    not know, times out of range, unknown items, and what the data set has, or the log twice, of the same user, item,
    type and time. Unknown users are kept, as new ones.

    Args:
        dataset: as it was opened.
        logged: as `logged_events` reads it, without the impressions that `apply_impressions` took.
        lists: as `logged_lists` reads it.
        now: UTC seconds; events more than a day later cannot have happened.
        coming: ids of items that are added to the data set later.
    """
    context = pa.schema([each for each in dataset.events.schema if each.name not in KEYS])
    told = logged_context(lists, context).take(list_rows(logged, lists))
    named = logged.select(LOGGED).rename_columns([*KEYS])
    sieve = _Sieve(table=pa.table([*named.columns, *told.columns], [*KEYS, *context.names]), keep=_all(logged))
    _drop_meaningless(sieve, dataset, now)
    _drop_unknown(sieve, dataset, coming)
    _drop_repeated(sieve, dataset.events)
    sieve.note(_all(logged), "came to the service", "added")
    report = replace(dataset.report, findings=(*dataset.report.findings, *sieve.findings))
    return replace(dataset, events=_joined(dataset.events, sieve), report=report)


def _drop_meaningless(sieve: _Sieve, dataset: Dataset, now: float) -> None:
    types, at = sieve.table[TYPE], sieve.table[AT].to_numpy()
    sieve.drop(~among(types, list(EventType)), "logged rows have a type that this program does not know")
    if dataset.impressions is not None:
        problem = "logged rows are impressions of no list that was logged, or were reported before"
        sieve.drop(among(types, [EventType.IMPRESSION]), problem)
    sieve.drop((at < OLDEST) | (at > now + DAY_S), "logged rows have a time before 1995 or in the future")


def _drop_unknown(sieve: _Sieve, dataset: Dataset, coming: Collection[str]) -> None:
    known = among(sieve.table[ITEM], [*dataset.items[ITEM].to_pylist(), *coming])
    sieve.drop(~known, "logged rows name an item that the items table does not have")
    if dataset.users.num_rows:
        users = sieve.table[USER]
        known = among(users, dataset.users[USER].to_pylist()) | np.asarray(are_anonymous(users), bool)
        sieve.note(~known, "logged rows name a user that the users table does not have", "kept")


def _drop_repeated(sieve: _Sieve, events: pa.Table) -> None:
    """Without what is in the data set, and all but the first of what is alike."""
    kept = sieve.table.filter(pa.array(sieve.keep))
    both = pa.concat_tables([events.select(KEYS), kept.select(KEYS)])
    numbered = both.append_column("row", pa.array(np.arange(both.num_rows)))
    first = numbered.group_by(list(KEYS)).aggregate([("row", "min")])["row_min"].to_numpy()
    is_first = np.zeros(both.num_rows, bool)
    is_first[first] = True
    rows = np.zeros(sieve.table.num_rows, bool)
    rows[np.flatnonzero(sieve.keep)] = ~is_first[events.num_rows :]
    sieve.drop(rows, "logged rows repeat the user, item, type and time of another row")


def _joined(events: pa.Table, sieve: _Sieve) -> pa.Table:
    """By time; at equal times the events of the data set first."""
    new = sieve.table.filter(pa.array(sieve.keep)).select(events.column_names).cast(events.schema)
    both = pa.concat_tables([events, new])
    return both.take(pa.array(np.argsort(both[AT].to_numpy(), kind="stable")))


def _all(table: pa.Table) -> Bools:
    return np.ones(table.num_rows, bool)
