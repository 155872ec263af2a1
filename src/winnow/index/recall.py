"""How much of the exact answer an index finds."""

import numpy as np

from winnow.index.index import Index
from winnow.schema.column import Array


def recall(index: Index, exact: Index, queries: Array, k: int) -> float:
    """Mean share of the k truly best rows that the index returns, 0 to 1.

    Args:
        index: the index in question.
        exact: an exact index over the same vectors.
        queries: float32 [Q, D], at least one; drawn from real requests, or the figure says little.
        k: rows a query.
    """
    return share_found(index.search(queries, k)[0], exact.search(queries, k)[0])


def share_found(rows: Array, true_rows: Array) -> float:
    """Share of `true_rows` int64 [Q, K] (-1 = none) that are in the same line of `rows` int64 [Q, K'], 0 to 1."""
    stride = max(rows.max(initial=0), true_rows.max(initial=0)) + 1
    base = np.arange(len(rows))[:, None] * stride
    wanted = (true_rows + base)[true_rows >= 0]
    return float(np.isin(wanted, (rows + base)[rows >= 0]).mean())
