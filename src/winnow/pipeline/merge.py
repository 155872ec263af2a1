"""Candidates of several sources become one table in which no item stands twice for a request."""

from collections.abc import Mapping

import numpy as np

from winnow.pipeline.candidates import Candidates
from winnow.schema.column import Array, Column, offsets_of


def merge(parts: Mapping[str, Candidates], num_items: int) -> Candidates:
    """One candidate per request and item, ordered by request and item row.

    Args:
        parts: source name -> its candidates with a column `score`, best first; all for the same B requests.
        num_items: catalogue size.

    Returns:
        candidates with `sources` int64, in which bit `n` is set where the n-th source proposed the item, and, for each
        source, `<source>_rank` float32 (0 is best, NaN where it did not propose the item) and `<source>_score` float32
        (likewise).
    """
    batch = len(next(iter(parts.values())).offsets) - 1
    keys = np.concatenate([part.request_of() * num_items + part.item_rows for part in parts.values()])
    unique, place = np.unique(keys, return_inverse=True)
    sources = np.zeros(len(unique), np.int64)
    columns: dict[str, Column] = {"sources": sources}
    start = 0
    for bit, (name, part) in enumerate(parts.items()):
        mine = place[start : start + len(part)]
        start += len(part)
        sources[mine] |= 1 << bit
        columns[f"{name}_rank"] = _scattered(_ranks(part), mine, len(unique))
        columns[f"{name}_score"] = _scattered(part.array("score"), mine, len(unique))
    requests = unique // num_items
    counts = np.bincount(requests, minlength=batch)
    return Candidates(item_rows=unique - requests * num_items, offsets=offsets_of(counts), columns=columns)


def _ranks(part: Candidates) -> Array:
    return np.arange(len(part)) - np.repeat(part.offsets[:-1], part.counts)


def _scattered(values: Array, place: Array, size: int) -> Array:
    column = np.full(size, np.nan, np.float32)
    column[place[::-1]] = values[::-1]  # an item that a source names twice keeps its better place
    return column
