"""How alike a candidate is to the last items of the visit: what somebody is after now, whoever it is."""

import numpy as np

from winnow.features.item_arrays import ItemArrays
from winnow.features.products_with import products_with
from winnow.schema.column import Array
from winnow.schema.transform import MISSING_CODE, UNKNOWN_CODE

RECENT = 3
"""Last items of a visit that say what it is about."""
VISIT_S = 1_800.0
"""Seconds; a user who did nothing for longer than this comes for another visit."""
NOTHING = MISSING_CODE - 1
"""Stands for a code that is like no other."""


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
    there, whose = recent >= 0, 0 if len(recent) == 1 else of  # of a request alone, nothing is repeated
    if not np.count_nonzero(there):  # as of all who land
        return np.zeros((len(of), likeness_width(items)), np.float32)
    there_are = there.sum(axis=1)
    number = np.maximum(there_are, 1)
    last = items.codes.take(recent, axis=0)
    last[(last <= UNKNOWN_CODE) | ~there[:, :, None]] = NOTHING
    width = items.codes.shape[1]
    same = np.zeros((len(of), width), np.int8)
    for codes in last.transpose(1, 0, 2):
        same += (candidates.codes == codes[whose]).view(np.int8)  # NumPy adds nothing of another type as quickly
    alike = np.empty((len(of), likeness_width(items)), np.float32)
    np.divide(same, number.astype(np.float32)[whose, None], out=alike[:, :width])
    weights = (there / number[:, None]).astype(np.float32)[:, None]
    for place, name in enumerate(sorted(items.vectors), width):
        mean = (weights @ items.vectors[name].take(recent, axis=0))[:, 0]
        alike[:, place] = products_with(candidates.vectors[name], mean, of)
    alike[:, -1] = there_are[whose] > 0
    return alike
