"""What visitors did while a service ran becomes part of a data set, and so of the next training."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace

import numpy as np
import pyarrow as pa

from winnow.data.arrow_compute import pc
from winnow.data.dataset import AT, ITEM, TYPE, USER, Dataset
from winnow.data.event_times import DAY_S, OLDEST
from winnow.data.report import Action, Finding
from winnow.data.visitors import are_anonymous
from winnow.schema.column import Bools
from winnow.schema.schema import EventType

KEYS = (USER, ITEM, TYPE, AT)


@dataclass(slots=True, kw_only=True)
class _Sieve:
    """Logged events, those that are still kept, and what was found.

    Attributes:
        table: columns `KEYS`.
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
            row = self.table.slice(int(found[0]), 1).to_pylist()[0]
            example = ", ".join(f"{name}={value}" for name, value in row.items())
            self.findings.append(
                Finding(table="events", problem=problem, count=len(found), example=f"({example})", action=action)
            )


def apply_events(dataset: Dataset, logged: pa.Table, now: float, coming: Collection[str] = ()) -> Dataset:
    """The data set with the events of a log behind its own, by the checks that events of a file go through.

    Types and names of visitors are those of a data set already. Dropped: impressions where the data set has a table of
    them, which says more than the log; types that this program does not know, times out of range, unknown items, and
    what the data set has, or the log twice, of the same user, item, type and time. Unknown users are kept, as new ones.

    Args:
        dataset: as it was opened.
        logged: as `logged_events` reads it.
        now: UTC seconds; events more than a day later cannot have happened.
        coming: ids of items that are added to the data set later.
    """
    sieve = _Sieve(table=logged.rename_columns([*KEYS]), keep=np.ones(logged.num_rows, bool))
    _drop_meaningless(sieve, dataset, now)
    _drop_unknown(sieve, dataset, coming)
    _drop_repeated(sieve, dataset.events)
    sieve.note(np.ones(logged.num_rows, bool), "came to the service", "added")
    report = replace(dataset.report, findings=(*dataset.report.findings, *sieve.findings))
    return replace(dataset, events=_joined(dataset.events, sieve), report=report)


def _drop_meaningless(sieve: _Sieve, dataset: Dataset, now: float) -> None:
    types, at = sieve.table[TYPE], sieve.table[AT].to_numpy()
    sieve.drop(~_among(types, list(EventType)), "logged rows have a type that this program does not know")
    if dataset.impressions is not None:
        problem = "logged rows are impressions, whose outcome the log does not say"
        sieve.drop(_among(types, [EventType.IMPRESSION]), problem)
    sieve.drop((at < OLDEST) | (at > now + DAY_S), "logged rows have a time before 1995 or in the future")


def _drop_unknown(sieve: _Sieve, dataset: Dataset, coming: Collection[str]) -> None:
    known = _among(sieve.table[ITEM], [*dataset.items[ITEM].to_pylist(), *coming])
    sieve.drop(~known, "logged rows name an item that the items table does not have")
    if dataset.users.num_rows:
        users = sieve.table[USER]
        known = _among(users, dataset.users[USER].to_pylist()) | np.asarray(are_anonymous(users), bool)
        sieve.note(~known, "logged rows name a user that the users table does not have", "kept")


def _drop_repeated(sieve: _Sieve, events: pa.Table) -> None:
    """Without what is in the data set, and all but the first of what is alike."""
    kept = sieve.table.filter(pa.array(sieve.keep))
    both = pa.concat_tables([events.select(list(KEYS)), kept])
    numbered = both.append_column("row", pa.array(np.arange(both.num_rows)))
    first = numbered.group_by(list(KEYS)).aggregate([("row", "min")])["row_min"].to_numpy()
    is_first = np.zeros(both.num_rows, bool)
    is_first[first] = True
    rows = np.zeros(sieve.table.num_rows, bool)
    rows[np.flatnonzero(sieve.keep)] = ~is_first[events.num_rows :]
    sieve.drop(rows, "logged rows repeat the user, item, type and time of another row")


def _joined(events: pa.Table, sieve: _Sieve) -> pa.Table:
    """By time; at equal times the events of the data set first. What the log does not say is missing."""
    new = sieve.table.filter(pa.array(sieve.keep))
    columns = list(_columns(events, new))
    both = pa.concat_tables([events, pa.table(columns, schema=events.schema)])
    return both.take(pa.array(np.argsort(both[AT].to_numpy(), kind="stable")))


def _columns(events: pa.Table, new: pa.Table) -> Iterator[pa.ChunkedArray | pa.Array]:
    for column in events.schema:
        told = new[column.name] if column.name in KEYS else pa.nulls(new.num_rows, column.type)
        yield told.cast(column.type)


def _among(values: pa.ChunkedArray, known: Collection[str]) -> Bools:
    return np.asarray(pc.is_in(values, pa.array([str(each) for each in known], pa.string())), bool)
