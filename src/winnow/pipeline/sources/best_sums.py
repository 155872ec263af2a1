"""Votes for items add up, and the items with the most come first."""

import numpy as np

from winnow.index.best_rows import best_rows
from winnow.pipeline.candidates import Candidates, no_candidates
from winnow.schema.column import Array, Ragged, offsets_of, one_row

DENSE_CELLS = 1 << 22
"""A table of all requests and items is cheaper than sorting the votes, while it is this small."""
DENSE_SHARE = 16
"""Likewise while it has no more cells than this many times the votes."""


def best_sums(votes: Ragged, weights: Array, num_items: int, k: int) -> Candidates:
    """The `k` items of each request whose weights add up to the most, best first, ties by row; only sums above 0.

    Args:
        votes: item rows by request, an item as often as it is voted for.
        weights: float32 [M], of any sign, one for each vote.
        num_items: catalogue size.
        k: most items of a request.

    Returns:
        candidates with `score` float32, the sums.
    """
    batch = len(votes)
    if not len(weights):  # as of a source that knows none of the items
        return no_candidates(batch)
    found, sums = _summed(votes.keys(num_items), weights, batch * num_items)
    if batch == 1:
        best = best_rows(sums, k)
        offsets = one_row(len(best))
        return Candidates(item_rows=found.take(best), offsets=offsets, columns={"score": sums.take(best)})
    request_of = found // num_items
    offsets = offsets_of(np.bincount(request_of, minlength=batch))
    best, offsets = best_of_each(sums, offsets, k)
    return Candidates(
        item_rows=found[best] - request_of[best] * num_items, offsets=offsets, columns={"score": sums[best]}
    )


def best_of_each(scores: Array, offsets: Array, k: int) -> tuple[Array, Array]:
    """Places of the `k` largest scores of each request, best first, ties by place, and their offsets.

    Args:
        scores: float32 [N], finite.
        offsets: int64 [B + 1] over the scores.
        k: most places of a request.
    """
    if len(offsets) == 2:
        best = best_rows(scores, k)
        return best, one_row(len(best))
    counts = offsets[1:] - offsets[:-1]
    order = np.lexsort((-scores, np.repeat(np.arange(len(counts)), counts)))
    first = np.arange(len(order)) - np.repeat(offsets[:-1], counts) < k
    return order[first], offsets_of(np.minimum(counts, k))


def is_dense(cells: int, number: int) -> bool:
    """Whether a table of so many cells is cheaper than to sort the keys of so many of them."""
    return cells <= min(DENSE_CELLS, DENSE_SHARE * number)


def numbered(keys: Array) -> tuple[Array, Array]:
    """The different keys, rising, and the place of each key [N] among them: np.unique, in half of its calls."""
    ordered = np.sort(keys)
    first = np.ones(len(keys), bool)
    np.not_equal(ordered[1:], ordered[:-1], out=first[1:])
    unique = ordered[first]
    return unique, unique.searchsorted(keys)


def _summed(keys: Array, weights: Array, cells: int) -> tuple[Array, Array]:
    """Rising keys whose sum is above 0, int64, and the sums, float32."""
    if is_dense(cells, len(keys)):
        table = np.bincount(keys, weights, minlength=cells).astype(np.float32)
        found = (table > 0).nonzero()[0]
        return found, table.take(found)
    unique, place = numbered(keys)
    sums = np.bincount(place, weights, minlength=len(unique)).astype(np.float32)
    above = (sums > 0).nonzero()[0]
    return unique.take(above), sums.take(above)
