"""Which items are alike: by the mean of what their words and pictures say."""

from collections.abc import Mapping

import numpy as np

from winnow.schema.column import Array, offsets_of
from winnow.stores.neighbours import Neighbours

MOST_ITEMS = 30_000
"""Every item is compared with every other, which costs the square; in a larger catalogue nobody has neighbours."""
NEIGHBOURS = 30
CELLS_AT_ONCE = 10_000_000


def content_neighbours(vectors: Mapping[str, Array], num_items: int) -> Neighbours:
    """The items most alike each item, with the mean of the cosines over all content vectors, where it is above 0.

    Args:
        vectors: float32 [I, W] by feature, unit length, or zero where an item lacks it, which counts as a cosine of 0.
        num_items: I.
    """
    size = min(NEIGHBOURS, num_items - 1)
    if not vectors or num_items > MOST_ITEMS or size < 1:
        nothing = np.zeros(num_items + 1, np.int64)
        return Neighbours(items=np.empty(0, np.int32), weights=np.empty(0, np.float32), offsets=nothing)
    joined = np.concatenate([each / np.sqrt(len(vectors), dtype=np.float32) for each in vectors.values()], axis=1)
    parts = [_nearest(joined, rows, size) for rows in _spans(num_items)]
    items, weights = (np.concatenate(each) for each in zip(*parts, strict=True))
    above = weights > 0
    return Neighbours(
        items=items[above].astype(np.int32), weights=weights[above], offsets=offsets_of(above.sum(axis=1))
    )


def _spans(num_items: int) -> list[Array]:
    step = max(1, CELLS_AT_ONCE // num_items)
    return [np.arange(start, min(start + step, num_items)) for start in range(0, num_items, step)]


def _nearest(vectors: Array, rows: Array, size: int) -> tuple[Array, Array]:
    """Items and their cosines, [R, size] each."""
    cosines = vectors[rows] @ vectors.T
    cosines[np.arange(len(rows)), rows] = -np.inf
    items = np.argpartition(-cosines, size - 1, axis=1)[:, :size]
    return items, np.take_along_axis(cosines, items, axis=1)
