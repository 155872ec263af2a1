"""Inner products of candidates with something of their request."""

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
