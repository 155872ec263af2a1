"""When the visitor arrived who clicked."""

import numpy as np

from winnow.features.likeness import VISIT_S
from winnow.schema.column import Array


def landings(users: Array, at: Array) -> Array:
    """The instant at which the visit of each click began.

    Args:
        users: int64 [N], in any order.
        at: float64 [N], UTC seconds of their clicks.

    Returns:
        float64 [N], UTC seconds: of the earliest click from which no gap of more than `VISIT_S` leads to this one.
    """
    order = np.lexsort((at, users))
    user, instant = users[order], at[order]
    new = np.ones(len(order), np.bool_)
    new[1:] = (user[1:] != user[:-1]) | (np.diff(instant) > VISIT_S)
    landed = np.empty(len(order))
    landed[order] = instant[new][np.cumsum(new) - 1]
    return landed
