"""How alike a candidate is to the last items of the visit: what somebody is after now, whoever it is."""

import numpy as np

from winnow.features.item_arrays import ItemArrays
from winnow.schema.column import Array
from winnow.schema.transform import UNKNOWN_CODE

RECENT = 3
"""Last items of a visit that say what it is about."""
VISIT_S = 1_800.0
"""Seconds; a user who did nothing for longer than this comes for another visit."""


def likeness_width(items: ItemArrays) -> int:
    """Columns of `likeness`."""
    return items.codes.shape[1] + len(items.vectors) + 1


def likeness(items: ItemArrays, candidates: Array, recent: Array) -> Array:
    """What N candidates share with the last items of their visit.

    Args:
        items: of the catalogue.
        candidates: int64 [N], rows.
        recent: int64 [N, K], rows, -1 where there are fewer.

    Returns:
        float32 [N, Fc + V + 1]: of each code the share of the last items that have the same, which no missing or
        unknown value has; of each vector, by name since stores keep no order of them, the mean inner product with
        theirs; and 1 where there is a last item. All are 0 where there is none.
    """
    there = recent >= 0
    number = np.maximum(np.count_nonzero(there, axis=1), 1)[:, None]
    codes = items.codes[candidates][:, None]
    same = (items.codes[recent] == codes) & (codes > UNKNOWN_CODE) & there[:, :, None]
    alike = np.empty((len(candidates), likeness_width(items)), np.float32)
    width = items.codes.shape[1]
    alike[:, :width] = same.sum(axis=1) / number
    weights = (there / number).astype(np.float32)
    for place, name in enumerate(sorted(items.vectors), width):
        vectors = items.vectors[name]
        mean = np.einsum("nk,nkw->nw", weights, vectors[recent])
        alike[:, place] = np.einsum("nw,nw->n", mean, vectors[candidates])
    alike[:, -1] = there.any(axis=1)
    return alike
