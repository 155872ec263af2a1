"""Whether training knows items, or words of them, that nobody had seen before the test time."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from winnow.data.arrow_compute import pc
from winnow.evaluation.leaks.finding import MOST_ROWS, Finding
from winnow.evaluation.leaks.split_events import SplitEvents
from winnow.evaluation.leaks.trained_on import TrainedOn, Words
from winnow.features.columns import columns_of
from winnow.features.texts import texts_of
from winnow.schema.column import Array
from winnow.schema.feature import Entity

CHECK = "future items"


def future_items(events: SplitEvents, trained: TrainedOn) -> Finding:
    """Values with a code of their own that no item and no event of the training time has."""
    known = events.dataset.items.take(pa.array(_items_in(events.train.items)))
    tables = {Entity.ITEM: known, Entity.CONTEXT: events.train.table}
    total, ahead = 0, list[tuple[str, str]]()
    for entity, words in trained.words.items():
        total += sum(map(len, words.values()))
        ahead += _unfounded(tables[entity], words)
    return Finding(
        check=CHECK,
        severity="leak" if ahead else "none",
        sentence=f"{len(ahead):,} of {total:,} values that were learnt, items among them, occur in no item or event of "
        "the training time.",
        evidence=tuple({"column": column, "value": value} for column, value in ahead[:MOST_ROWS]),
    )


def _unfounded(table: pa.Table, words: Words) -> Iterator[tuple[str, str]]:
    for column, known in words.items():
        distinct = pa.table({column: pc.unique(table[column])})
        there = set(texts_of(columns_of(distinct, [column])[column]))
        yield from ((column, word) for word in known if word not in there)


def _items_in(items: Array) -> Array:
    """int64, rows of the item table that occur, rising."""
    return np.unique(items[items >= 0])
