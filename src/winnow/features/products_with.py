"""What candidates have of something of their request: a product with it, or one number of it."""

import numpy as np

from winnow.schema.column import Array


def products_with(vectors: Array, others: Array, of: Array) -> Array:
    """Of each vector with one of the others; the same to the last bit, however many others there are.

    Args:
        vectors: float32 [N, W].
        others: float32 [B, W].
        of: int64 [N], which of them each meets.

    Returns:
        float32 [N].
    """
    if len(others) == 1:  # a request alone, as most come: nothing has to be repeated for each candidate
        return np.einsum("nw,w->n", vectors, others[0])
    return np.einsum("nw,nw->n", vectors, others[of])


def chosen_from(rows: Array, of: Array, places: Array) -> Array:
    """The numbers at some places of each one's row.

    Args:
        rows: [B, K].
        of: int64 [N], whose row, below B.
        places: int [N, ...], below K.

    Returns:
        [N, ...].
    """
    if len(rows) == 1:
        return rows[0].take(places)
    return rows[of.reshape(-1, *(1,) * (places.ndim - 1)), places]
