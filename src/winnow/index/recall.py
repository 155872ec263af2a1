"""How much of the exact answer an index finds."""

import numpy as np

from winnow.schema.column import Array

RECALL_AT = 300
"""Best items that the recall of an index is about: what a request asks for."""


def recall(rows: Array, true_rows: Array) -> float:
    """Share of the truly best rows that an index returned, 0 to 1.

    Args:
        rows: int64 [Q, K'], what the index found for each of Q queries, -1 where there is none.
        true_rows: int64 [Q, K], what exact search finds for them, likewise; at least one row in all.
    """
    stride = max(rows.max(initial=0), true_rows.max(initial=0)) + 1
    base = np.arange(len(rows))[:, None] * stride
    wanted = (true_rows + base)[true_rows >= 0]
    return float(np.isin(wanted, (rows + base)[rows >= 0]).mean())


def too_little(kind: str, found: float, floor: float) -> str:
    """A sentence about an index that finds less than its recipe wants."""
    return (
        f"The index of the kind '{kind}' finds {found:.4f} of the {RECALL_AT} best items of held-out queries; the "
        f"recipe wants {floor:g} at least. Choose another kind of index, such as 'exact', or a lower recall_floor, and "
        "train again."
    )
