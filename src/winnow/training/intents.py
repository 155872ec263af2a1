"""What users come for, as what they were shown tells.

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
from winnow.training.scratch import slices

KINDS = 256
"""Most that are told apart: columns with many codes are left out."""
USUAL_VISITS = 1.0
"""Visits like everybody's that each user is thought to have made besides."""


def intents(rows: ImpressionRows, codes: Array, sizes: Sequence[int], user_ids: tuple[str, ...]) -> Intents:
    """Counts the visits of known users by the kinds of what was shown; a visit counts as one, however long it was.

    Args:
        rows: impressions.
        codes: int32 [I, Fc], of all items.
        sizes: codes of each column; 0 for one that is not counted, such as which item it is.
        user_ids: U of them, the names of the rows before the one that stands for whom nobody knows.
    """
    columns = _few_codes(sizes)
    starts = np.cumsum([0, *(sizes[column] for column in columns)])
    visit, length = _visits(rows, len(user_ids))
    told = np.zeros((len(user_ids), starts[-1]))
    visits = np.zeros(len(user_ids))
    for some in slices(0, len(rows)):
        known = np.flatnonzero(visit[some] >= 0)
        users, items, share = rows.user_rows[some][known], rows.items[some][known], 1 / length[visit[some][known]]
        visits += np.bincount(users, share, minlength=len(visits))
        for start, column in zip(starts, columns, strict=False):
            np.add.at(told, (users, start + codes[items, column]), share)
    usual = told.sum(axis=0) / max(1, visits.sum())
    whom = np.flatnonzero(visits)
    beside = np.divide(told[whom], usual, out=np.zeros((len(whom), len(usual))), where=usual > 0)
    about = np.log((beside + USUAL_VISITS) / (visits[whom, None] + USUAL_VISITS))
    users = UserVectors(user_ids=tuple(user_ids[row] for row in whom.tolist()), vectors=about.astype(np.float32))
    return Intents(columns=np.array(columns, np.int64), starts=starts[:-1], users=users)


def _few_codes(sizes: Sequence[int]) -> list[int]:
    """Columns that are counted, by place: those with the fewest codes, as far as they fit."""
    chosen, room = list[int](), KINDS
    for column in sorted((each for each, size in enumerate(sizes) if size), key=sizes.__getitem__):
        room -= sizes[column]
        if room >= 0:
            chosen.append(column)
    return sorted(chosen)


def _visits(rows: ImpressionRows, num_users: int) -> tuple[Array, Array]:
    """Which visit each impression is of, int64 [N], -1 of those whom nobody knows; and of each visit how many are."""
    visit, length = rows.scratch.empty((len(rows),), np.int64), np.zeros(0, np.int64)
    latest, current = np.full(num_users, -np.inf), np.zeros(num_users, np.int64)
    for some in slices(0, len(rows)):
        users = rows.user_rows[some]
        order = np.argsort(users, kind="stable")
        order = order[users[order] < num_users]
        whose, at = users[order], rows.at[some][order]
        first = np.diff(whose, prepend=-1) != 0
        begins = at - np.where(first, latest[whose], np.roll(at, 1)) > VISIT_S
        number = np.where(begins, len(length) + np.cumsum(begins) - 1, current[whose])
        number = number[np.maximum.accumulate(np.where(first | begins, np.arange(len(order)), 0))]
        length = np.pad(length, (0, int(begins.sum())))
        length += np.bincount(number, minlength=len(length))
        latest[whose], current[whose] = at, number
        visit[some] = -1
        visit[some][order] = number
    return visit, length
