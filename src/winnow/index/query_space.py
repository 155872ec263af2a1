"""The space in which vectors are as queries see them."""

import numpy as np

from winnow.schema.column import Array

RIDGE = 1e-3
"""Share of the mean variance that every direction has at least, be there a query in it or not."""


def stretch_for(queries: Array, dim: int) -> Array:
    """Float64 [D, D], symmetric and invertible; what it makes of vectors [N, D] is how the queries see them.

    Queries of real visitors lie in few directions, and vectors that differ in the others are the same to them. By the
    root of the queries' second moment, equal distances are about equal differences of inner products.

    Args:
        queries: float32 [Q, D], a sample; of none, or of nothing but zeros, all directions count the same.
        dim: D.

    Source: the idea of a loss that weighs errors by their inner products with queries is that of Guo et al.,
    Accelerating large-scale inference with anisotropic vector quantization, ICML 2020.
    """
    if not len(queries):
        return np.eye(dim)
    moment = queries.T.astype(np.float64) @ queries / len(queries)
    mean = max(np.trace(moment) / dim, np.finfo(np.float32).tiny)
    values, directions = np.linalg.eigh(moment / mean + RIDGE * np.eye(dim))
    return directions * np.sqrt(values) @ directions.T
