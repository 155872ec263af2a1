"""What users come for, as the pages that they were shown tell.

Who is shown an item is half of who clicks it, and in many a shop the visitors choose what they are shown: they open a
category, or look for something.
"""

from collections.abc import Sequence

import numpy as np

from winnow.features.likeness import VISIT_S
from winnow.schema.column import Array
from winnow.stores.intents import Intents
from winnow.stores.user_vectors import UserVectors
from winnow.training.impression_rows import ImpressionRows

KINDS = 256
"""Most that are told apart: columns with many codes are left out."""
USUAL_VISITS = 1.0
"""Visits like everybody's that each user is thought to have made besides."""


def intents(rows: ImpressionRows, codes: Array, sizes: Sequence[int], user_ids: tuple[str, ...]) -> Intents:
    """Counts the visits of known users by what was shown in them; a visit counts as one, however long it was.

    Args:
        rows: impressions.
        codes: int32 [I, Fc], of all items.
        sizes: codes of each column; 0 for one that is not counted, such as which item it is.
        user_ids: U of them, the names of the rows before the one that stands for whom nobody knows.
    """
    columns = _few_codes(sizes)
    starts = np.cumsum([0, *(sizes[column] for column in columns)])
    known = np.flatnonzero(rows.user_rows < len(user_ids))
    users, weights = rows.user_rows[known], _share_of_visit(rows.visitors[known], rows.at[known])
    whom, user = np.unique(users, return_inverse=True)
    about = np.empty((len(whom), starts[-1]), np.float32)
    for start, column in zip(starts, columns, strict=False):
        kind = codes[rows.items[known], column]
        about[:, start : start + sizes[column]] = _beside_everybody(user, kind, weights, len(whom), sizes[column])
    named = UserVectors(user_ids=tuple(user_ids[row] for row in whom.tolist()), vectors=about)
    return Intents(columns=np.array(columns, np.int64), starts=starts[:-1], users=named)


def _few_codes(sizes: Sequence[int]) -> list[int]:
    """Columns that are counted, by place: those with the fewest codes, as far as they fit."""
    chosen, room = list[int](), KINDS
    for column in sorted((each for each, size in enumerate(sizes) if size), key=sizes.__getitem__):
        room -= sizes[column]
        if room >= 0:
            chosen.append(column)
    return sorted(chosen)


def _share_of_visit(visitors: Array, at: Array) -> Array:
    """float64 [N], which part of its visit each impression is, in equal parts."""
    order = np.lexsort((at, visitors))
    begins = np.ones(len(order), np.bool_)
    begins[1:] = (np.diff(visitors[order]) != 0) | (np.diff(at[order]) > VISIT_S)
    visit = np.cumsum(begins) - 1
    shares = np.empty(len(order))
    shares[order] = 1 / np.bincount(visit)[visit]
    return shares


def _beside_everybody(user: Array, kind: Array, weights: Array, num_users: int, num_kinds: int) -> Array:
    """float64 [num_users, num_kinds] of a column, as in `Intents`."""
    pairs, place = np.unique(user * num_kinds + kind, return_inverse=True)
    visits = np.bincount(user, weights, minlength=num_users)[:, None]
    usual = np.bincount(kind, weights, minlength=num_kinds) / max(1e-9, weights.sum())
    beside = np.zeros((num_users, num_kinds))
    beside.flat[pairs] = np.bincount(place, weights) / usual[pairs % num_kinds]
    return np.log((beside + USUAL_VISITS) / (visits + USUAL_VISITS))
