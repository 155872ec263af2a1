"""Queries against vectors."""

import numpy as np

from winnow.schema.column import Array


def inner_products(queries: Array, vectors: Array) -> Array:
    """float32 [B, N] of queries [B, D] and float32 vectors [N, D].

    Infinite or huge queries overflow to inf and NaN; `best_rows` knows what to make of these.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        return queries.astype(np.float32, copy=False) @ vectors.T
