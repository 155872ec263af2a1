"""What each user was shown, arranged user by user without more memory than users take."""

import numpy as np
import torch

from winnow.models.looks import Looks
from winnow.schema.column import Array
from winnow.training.impression_rows import ImpressionRows
from winnow.training.scratch import pieces, slices
from winnow.training.told import Shown


def shown_to_users(rows: ImpressionRows, chosen: Array, logits: Array, looks: Looks, num_users: int) -> Shown:
    """Impressions of known users, those of a user side by side, in the order in which they are chosen.

    Args:
        rows: the impressions.
        chosen: int64 [n], those to arrange.
        logits: float32 [n], what is said of them.
        looks: the chance of a look by place.
        num_users: rows of users from this one on are of those whom nobody knows.
    """
    counts = np.zeros(num_users, np.int64)
    for some in pieces(chosen):
        counts += _counts(rows.user_rows[some], num_users)
    free, number = np.cumsum(counts) - counts, (int(counts.sum()),)
    shown = Shown(
        users=rows.scratch.empty(number, np.int64),
        items=rows.scratch.empty(number, np.int64),
        clicked=rows.scratch.empty(number, np.bool_),
        logits=rows.scratch.empty(number, np.float64),
        looked=rows.scratch.empty(number, np.float64),
    )
    for some in slices(0, len(chosen)):
        users = rows.user_rows[chosen[some]]
        order = np.argsort(users, kind="stable")
        order = order[users[order] < num_users]
        whose, which = users[order], chosen[some][order]
        place = free[whose] + np.arange(len(whose)) - np.searchsorted(whose, whose)
        with torch.inference_mode():
            looked = looks(torch.from_numpy(rows.positions[which])).exp().numpy()
        shown.users[place], shown.items[place] = whose, rows.items[which]
        shown.clicked[place], shown.logits[place], shown.looked[place] = (
            rows.clicked[which],
            logits[some][order],
            looked,
        )
        free += _counts(users, num_users)
    return shown


def _counts(users: Array, num_users: int) -> Array:
    return np.bincount(users, minlength=num_users)[:num_users]
