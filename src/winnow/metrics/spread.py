"""How widely recommendations spread over the catalogue."""

import numpy as np

from winnow.schema.column import Array


def coverage_at_k(recommended: Array, num_items: int, k: int) -> float:
    """Share of the catalogue that appears in at least one list, in [0, 1].

    Args:
        recommended: int64 [U, K] item rows, best first, -1 where there is none.
        num_items: catalogue size, at least 1.
        k: places of each list that count.
    """
    return float(np.count_nonzero(_shown(recommended, num_items, k)) / num_items)


def gini_at_k(recommended: Array, num_items: int, k: int) -> float:
    """Inequality of how often items are shown: 0 all alike, (I - 1) / I one item only; NaN when nothing is shown.

    Args:
        recommended: int64 [U, K] item rows, best first, -1 where there is none.
        num_items: catalogue size I; items never shown count as zero.
        k: places of each list that count.

    Source:
        Gini, Variabilità e mutabilità, 1912.
    """
    shown = np.sort(_shown(recommended, num_items, k))
    if not shown[-1]:
        return float("nan")
    weights = 2 * np.arange(1, num_items + 1) - num_items - 1
    return float((weights @ shown) / (num_items * shown.sum()))


def _shown(recommended: Array, num_items: int, k: int) -> Array:
    top = recommended[:, :k]
    return np.bincount(top[top >= 0], minlength=num_items)
