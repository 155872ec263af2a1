"""One page of the catalogue, and what else it could be narrowed to."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from winnow.features.filter_values import FilterNumbers, FilterValues, FilterWords
from winnow.pipeline.catalogue import Catalogue
from winnow.pipeline.wanted_items import wanted_items
from winnow.schema.column import Array, Bools

MAX_COUNTED = 100
"""Values of one feature that are counted, the most frequent ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """Items in some order.

    Attributes:
        item_rows: int64, of the page.
        total: how many items there are on all pages.
        counts: by filterable feature that is a category or an id, how many items have each value, most first.
        ranges: by filterable feature that is a number or a time, the least and the greatest value; absent where no item
            has one.
    """

    item_rows: Array
    total: int
    counts: Mapping[str, Mapping[str, int]]
    ranges: Mapping[str, tuple[float, float]]


def listing(
    catalogue: Catalogue, found: Bools, filters: Mapping[str, Any], places: Array, page: tuple[int, int]
) -> Listing:
    """A page of the items that were found and pass all filters.

    Of a feature, the items that pass all other filters are counted: what one would get by choosing another value.

    Args:
        catalogue: I items.
        found: bool [I].
        filters: as `wanted_items` takes them.
        places: float64 [I], least first, NaN last, equals by row.
        page: how many items come before it, and how many it has at most.

    Raises:
        RequestError: as `wanted_items` does.
    """
    fitting = {name: wanted_items(catalogue, {name: value}) for name, value in filters.items()}
    rows = np.flatnonzero(_all(found, fitting))
    counts, ranges = dict[str, Mapping[str, int]](), dict[str, tuple[float, float]]()
    for name, values in catalogue.filters.items():
        _look(name, values, _others(found, rows, fitting, name), counts, ranges)
    start, size = page
    return Listing(
        item_rows=rows[_first(places[rows], start + size)[start:]], total=len(rows), counts=counts, ranges=ranges
    )


def _all(found: Bools, fitting: Mapping[str, Bools]) -> Bools:
    return np.logical_and.reduce([found, *fitting.values()])


def _others(found: Bools, rows: Array, fitting: Mapping[str, Bools], name: str) -> Array:
    """The rows that pass all filters but that of the name."""
    if name not in fitting:
        return rows
    return np.flatnonzero(_all(found, {other: fits for other, fits in fitting.items() if other != name}))


def _look(
    name: str,
    values: FilterValues,
    rows: Array,
    counts: dict[str, Mapping[str, int]],
    ranges: dict[str, tuple[float, float]],
) -> None:
    match values:
        case FilterWords():
            counts[name] = _counted(values, rows)
        case FilterNumbers():
            there = values.values[rows]
            there = there[~np.isnan(there)]
            if len(there):
                ranges[name] = float(there.min()), float(there.max())


def _counted(values: FilterWords, rows: Array) -> dict[str, int]:
    # One place before all words, for what is missing.
    counts = np.bincount(values.codes[rows] + 1, minlength=len(values.words) + 1)[1:]
    most = np.argsort(-counts, kind="stable")[:MAX_COUNTED]
    return {values.words[code]: int(counts[code]) for code in most.tolist() if counts[code]}


def _first(places: Array, size: int) -> Array:
    """Positions of the least values, in order."""
    if 0 < size < len(places):
        last = np.partition(places, size - 1)[size - 1]
        near = np.flatnonzero(places <= last)
        if len(near) >= size:  # else the last one is NaN
            return near[np.argsort(places[near], kind="stable")][:size]
    return np.argsort(places, kind="stable")[:size]
