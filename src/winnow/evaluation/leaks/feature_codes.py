"""The values of one declared feature as codes, by event."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from winnow.data.arrow_compute import pc
from winnow.data.dataset import ITEM, USER
from winnow.evaluation.leaks.split_events import SplitEvents
from winnow.schema.column import Array
from winnow.schema.feature import Entity, Feature, Kind
from winnow.schema.transform import History

BINS = 64
"""Numbers are read in so many ranges of equal size."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeatureCodes:
    """One value for each of N events.

    Attributes:
        name: of the feature.
        entity: whose it is.
        codes: int64 [N]; 0 where the value is missing.
        values: what each code stands for, by code; "missing" comes first.
    """

    name: str
    entity: Entity
    codes: Array
    values: tuple[str, ...]


def declared(events: SplitEvents, entity: Entity, kinds: Iterable[Kind]) -> Iterator[Feature]:
    """Features of some kinds, one for each raw column, but keys, histories, windows and the time of the event."""
    own = {USER, ITEM} | ({"at"} if entity is Entity.CONTEXT else set[str]())
    own |= set(events.dataset.schema.windows) if entity is Entity.CONTEXT else set[str]()
    done: set[str] = set()
    for each in events.dataset.schema.of(entity):
        if each.kind in set(kinds) and each.column not in own | done and not isinstance(each.transform, History):
            done.add(each.column)
            yield each


def feature_codes(events: SplitEvents, feature: Feature, *, ranges: bool) -> FeatureCodes:
    """The feature's value at every event of the training time.

    Args:
        events: of a split.
        feature: of kind ID, CATEGORY, NUMBER or TEXT.
        ranges: read numbers in ranges; otherwise by their very values.
    """
    column, row_of_event = _column(events, feature)
    codes, values = _ranges(column) if ranges and feature.kind is Kind.NUMBER else _values(column)
    codes = np.append(codes, 0)  # where a user or an item has no row
    return FeatureCodes(name=feature.name, entity=feature.entity, codes=codes[row_of_event], values=values)


def _column(events: SplitEvents, feature: Feature) -> tuple[pa.ChunkedArray, Array]:
    """The raw column, and its row for each event of the training time; -1 where there is none."""
    train, dataset = events.train, events.dataset
    if feature.entity is Entity.CONTEXT:
        return train.table[feature.column], np.arange(len(train))
    if feature.entity is Entity.ITEM:
        return dataset.items[feature.column], train.items
    return dataset.users[feature.column], train.user_rows


def _values(column: pa.ChunkedArray) -> tuple[Array, tuple[str, ...]]:
    coded = column.combine_chunks().dictionary_encode()
    codes = np.asarray(pc.fill_null(coded.indices, -1), np.int64) + 1
    return codes, ("missing", *map(str, coded.dictionary.to_pylist()))


def _ranges(column: pa.ChunkedArray) -> tuple[Array, tuple[str, ...]]:
    numbers = np.asarray(pc.fill_null(column, np.nan), np.float64)
    there = ~np.isnan(numbers)
    if not there.any():
        return np.zeros(len(numbers), np.int64), ("missing",)
    edges = np.unique(np.quantile(numbers[there], np.arange(BINS) / BINS, method="lower"))
    codes = np.where(there, np.searchsorted(edges, numbers, side="right"), 0)
    return codes, ("missing", *(f"from {edge:g}" for edge in edges))
