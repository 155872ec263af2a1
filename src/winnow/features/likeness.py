"""How alike a candidate is to the last items of the visit: what somebody is after now, whoever it is."""

import numpy as np

from winnow.features.item_arrays import ItemArrays
from winnow.features.products_with import products_with
from winnow.schema.column import Array
from winnow.schema.transform import UNKNOWN_CODE

RECENT = 3
"""Last items of a visit that say what it is about."""
VISIT_S = 1_800.0
"""Seconds; a user who did nothing for longer than this comes for another visit."""


def likeness_width(items: ItemArrays) -> int:
    """Columns of `likeness`."""
    return items.codes.shape[1] + len(items.vectors) + 1


def likeness(items: ItemArrays, candidates: ItemArrays, recent: Array, of: Array) -> Array:
    """What N candidates share with the last items of their visit.

    Args:
        items: of the catalogue.
        candidates: the same of the N candidates.
        recent: int64 [B, K], rows of the catalogue for each of B visits, -1 where there are fewer.
        of: int64 [N], whose candidate each is, below B.

    Returns:
        float32 [N, Fc + V + 1]: of each code the share of the last items that have the same, which no missing or
        unknown value has; of each vector, by name since stores keep no order of them, the mean inner product with
        theirs; and 1 where there is a last item. All are 0 where there is none.
    """
    there = recent >= 0
    number = np.maximum(np.count_nonzero(there, axis=1), 1)[:, None]
    codes, last = candidates.codes[:, None], np.where(there[:, :, None], items.codes[recent], UNKNOWN_CODE)
    same = (last[of] == codes) & (codes > UNKNOWN_CODE)
    alike = np.empty((len(of), likeness_width(items)), np.float32)
    width = items.codes.shape[1]
    alike[:, :width] = same.sum(axis=1) / number[of]
    weights = (there / number).astype(np.float32)
    for place, name in enumerate(sorted(items.vectors), width):
        mean = np.einsum("bk,bkw->bw", weights, items.vectors[name][recent])
        alike[:, place] = products_with(candidates.vectors[name], mean, of)
    alike[:, -1] = np.count_nonzero(there, axis=1)[of] > 0
    return alike
