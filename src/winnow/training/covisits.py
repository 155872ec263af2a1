"""Which items are had by the same users, counted from rows of users and items."""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from scipy import sparse

from winnow.schema.column import Array, offsets_of
from winnow.stores.neighbours import Neighbours
from winnow.training.item_regression import item_regression

DENSE_ITEMS = 10_000
"""Up to so many items that were had, their weights are solved for together; above, each pair is counted for itself."""
ITEMS_OF_USER = 500
"""Of a user with more items the first are taken: a list of thousands tells little, and costs its square."""
PAIRS_AT_ONCE = 20_000_000


def covisits(users: Array, items: Array, at: Array, num_items: int, size: int) -> Neighbours:
    """The `size` neighbours of each item with the largest weights, by size whatever the sign.

    Up to DENSE_ITEMS items, weights are those of the linear model that tells each item from all others that its users
    had (they explain one another away); above, cosines of the sets of users. An item counts once for each user.

    Args:
        users: int64 [N], who had something, in any order.
        items: int64 [N], what they had, as often as they did.
        at: float64 [N], when, UTC seconds.
        num_items: I.
        size: most neighbours of an item.

    Source:
        Sarwar et al., Item-based collaborative filtering recommendation algorithms, 2001.
    """
    known, codes = np.unique(items, return_inverse=True)
    had, since = _had(users, codes, at, len(known))
    if not len(known):
        rows: Iterator[tuple[Array, Array]] = iter(())
    elif len(known) <= DENSE_ITEMS:
        weights = item_regression(had, since, len(known))
        rows = ((np.flatnonzero(line), line[line != 0]) for line in weights)
    else:
        rows = _cosines(had, len(known))
    return _table([_largest(*row, size) for row in rows], known, num_items)


def _had(users: Array, items: Array, at: Array, num_items: int) -> tuple[sparse.csr_array, Array]:
    """Float32 sparse [U, I], 1 where the user had the item, and when each first did, in the order of its elements."""
    order = np.argsort(at, kind="stable")
    pairs, first = np.unique(users[order] * max(1, num_items) + items[order], return_index=True)
    users, items = np.divmod(pairs, max(1, num_items))
    kept = np.arange(len(users)) - np.searchsorted(users, users) < ITEMS_OF_USER
    users, items, first = users[kept], items[kept], first[kept]
    shape = (int(users.max(initial=-1)) + 1, num_items)
    offsets = offsets_of(np.bincount(users, minlength=shape[0]))
    return sparse.csr_array((np.ones(len(items), np.float32), items, offsets), shape=shape), at[order[first]]


def _cosines(had: sparse.csr_array, num_items: int) -> Iterator[tuple[Array, Array]]:
    norms = np.sqrt(np.bincount(had.indices, minlength=num_items)).astype(np.float32)
    unit = sparse.csr_array((had.data / norms[had.indices], had.indices, had.indptr), shape=had.shape)
    columns = unit.T.tocsr()
    for start, end in _spans(had, num_items):
        block = (columns[start:end] @ unit).tocsr()
        block.sort_indices()
        for row, item in enumerate(range(start, end)):
            line = slice(block.indptr[row], block.indptr[row + 1])
            others = block.indices[line] != item
            yield block.indices[line][others], block.data[line][others]


def _spans(had: sparse.csr_array, num_items: int) -> Iterator[tuple[int, int]]:
    """Runs of items with about PAIRS_AT_ONCE pairs each, so that memory is bounded however many items there are."""
    lengths = np.diff(had.indptr)
    pairs = np.bincount(had.indices, np.repeat(lengths, lengths), minlength=num_items)
    span_of = (np.cumsum(pairs) // PAIRS_AT_ONCE).astype(np.int64)
    edges = [0, *(np.flatnonzero(np.diff(span_of)) + 1).tolist(), num_items]
    yield from pairwise(edges)


def _largest(items: Array, weights: Array, size: int) -> tuple[Array, Array]:
    if len(items) > size:
        kept = np.sort(np.argpartition(-np.abs(weights), size - 1)[:size])
        items, weights = items[kept], weights[kept]
    return items, weights


def _table(rows: list[tuple[Array, Array]], known: Array, num_items: int) -> Neighbours:
    """Rows of the known items among all."""
    lengths = np.zeros(num_items, np.int64)
    lengths[known] = [len(items) for items, _ in rows]
    items = np.concatenate([np.empty(0, np.int64), *(items for items, _ in rows)])
    weights = np.concatenate([np.empty(0, np.float32), *(weights for _, weights in rows)])
    return Neighbours(
        items=known[items].astype(np.int32), weights=weights.astype(np.float32), offsets=offsets_of(lengths)
    )
