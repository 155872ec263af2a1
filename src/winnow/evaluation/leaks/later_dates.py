"""Dates after the cut on what was there before it: known in advance, or written when all was over."""

from collections.abc import Iterable, Iterator

import pyarrow as pa

from winnow.data.arrow_compute import pc
from winnow.data.dataset import ITEM, USER, Dataset
from winnow.evaluation.leaks.coded_events import instant
from winnow.evaluation.leaks.finding import MOST_ROWS, Finding
from winnow.evaluation.leaks.split_events import SplitEvents
from winnow.schema.feature import Entity, Kind

CHECK = "dates after the cut"


def later_dates(events: SplitEvents) -> Iterator[Finding]:
    """A warning for each column of times that lie after the cut although their user or item was there before."""
    if events.cut is None:
        return
    dataset, there = events.dataset, events.train.table
    for entity, key, table in ((Entity.ITEM, ITEM, dataset.items), (Entity.USER, USER, dataset.users)):
        known = table.filter(pc.is_in(table[key], pc.unique(there[key])))
        for column in _times(dataset, entity):
            yield _later(known, key, column, events.cut)


def _times(dataset: Dataset, entity: Entity) -> Iterable[str]:
    return dict.fromkeys(each.column for each in dataset.schema.of(entity) if each.kind is Kind.TIME)


def _later(known: pa.Table, key: str, column: str, cut: float) -> Finding:
    rows = known.filter(pc.greater_equal(known[column], cut))
    remedy = " Were these dates known in advance? Otherwise the column was written after the cut: leave it out."
    return Finding(
        check=CHECK,
        severity="warning" if rows.num_rows else "none",
        sentence=f"{rows.num_rows:,} of {known.num_rows:,} rows with events in the training time have a '{column}' at "
        f"or after the cut, {instant(cut)}.{remedy if rows.num_rows else ''}",
        evidence=tuple(
            {key: row[key], column: instant(row[column])}
            for row in rows.select([key, column]).slice(0, MOST_ROWS).to_pylist()
        ),
    )
