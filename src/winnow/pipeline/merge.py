"""Candidates of several sources become one table in which no item stands twice for a request."""

from collections.abc import Mapping

import numpy as np

from winnow.pipeline.candidates import Candidates
from winnow.pipeline.sources.best_sums import is_dense, numbered
from winnow.schema.column import Array, offsets_of, one_row

RANKS, SCORES = "source_ranks", "source_scores"
"""Columns of what the sources said of a candidate."""


def merge(parts: Mapping[str, Candidates], num_items: int) -> Candidates:
    """One candidate per request and item, ordered by request and item row.

    Args:
        parts: source name -> its candidates with a column `score`, best first; all for the same B requests.
        num_items: catalogue size.

    Returns:
        candidates with, of the S sources, in their order, `source_ranks` float32 [N, S] (0 is best, NaN where one did
        not propose the item) and `source_scores` float32 [N, S] (likewise).
    """
    batch = len(next(iter(parts.values())).offsets) - 1
    keys = np.concatenate([part.keys(num_items) for part in parts.values()])
    unique, place = _numbered(keys, batch * num_items)
    lengths = np.array([len(part) for part in parts.values()])
    source_of = np.arange(len(parts)).repeat(lengths)
    # An item that a source names twice keeps its better place, for the last one written stays.
    cells = (place * len(parts) + source_of)[::-1]
    ranks, scores = said = np.empty((2, len(unique), len(parts)), np.float32)
    said.fill(np.nan)
    places = np.concatenate([_ranks(part) for part in parts.values()]) if batch > 1 else _counted(source_of, lengths)
    ranks.reshape(-1)[cells] = places[::-1]
    scores.reshape(-1)[cells] = np.concatenate([part.array("score") for part in parts.values()])[::-1]
    columns = {RANKS: ranks, SCORES: scores}
    if batch == 1:
        return Candidates(item_rows=unique, offsets=one_row(len(unique)), columns=columns)
    requests = unique // num_items
    counts = np.bincount(requests, minlength=batch)
    return Candidates(item_rows=unique - requests * num_items, offsets=offsets_of(counts), columns=columns)


def _numbered(keys: Array, cells: int) -> tuple[Array, Array]:
    """The different keys, rising, and the place of each key [N] among them."""
    if not is_dense(cells, len(keys)):
        return numbered(keys)
    there = np.zeros(cells, bool)
    there[keys] = True
    unique, place = there.nonzero()[0], np.empty(cells, np.int64)
    place[unique] = np.arange(len(unique))
    return unique, place.take(keys)


def _ranks(part: Candidates) -> Array:
    return np.arange(len(part)) - np.repeat(part.offsets[:-1], part.counts)


def _counted(source_of: Array, lengths: Array) -> Array:
    """The same of all sources of a request alone, in one go."""
    return np.arange(len(source_of)) - offsets_of(lengths).take(source_of)
