"""Quality of ranked lists against binary relevance, one value per user.

Every function takes `recommended`, int64 [U, K] item rows, best first, no item twice in a row of the table, -1 where
there is none; and `relevant`, int64 item rows of each of the U users, at least one each, no item twice. Every function
returns float64 [U] in [0, 1]. Lists shorter than `k` count as padded with misses.
"""

import numpy as np
from numpy.typing import NDArray

from winnow.schema.column import Array, Bools, Ragged

Values = NDArray[np.float64]


def recall_at_k(recommended: Array, relevant: Ragged, k: int) -> Values:
    """Share of the relevant items that are among the first k."""
    return _hit_counts(recommended, relevant, k) / relevant.lengths


def precision_at_k(recommended: Array, relevant: Ragged, k: int) -> Values:
    """Share of the k places that hold a relevant item."""
    return _hit_counts(recommended, relevant, k) / k


def hit_rate_at_k(recommended: Array, relevant: Ragged, k: int) -> Values:
    """1.0 where at least one of the first k is relevant, else 0.0."""
    return (_hit_counts(recommended, relevant, k) > 0).astype(np.float64)


def ndcg_at_k(recommended: Array, relevant: Ragged, k: int) -> Values:
    """Discounted gain of the first k, relative to that of min(relevant, k) hits in front.

    Source:
        Järvelin and Kekäläinen, Cumulated gain-based evaluation of IR techniques, 2002.
    """
    found = hits(recommended, relevant, k)
    gains = 1.0 / np.log2(np.arange(k) + 2.0)
    ideal = np.cumsum(gains)[np.minimum(relevant.lengths, k) - 1]
    return (found @ gains[: found.shape[1]]) / ideal


def average_precision_at_k(recommended: Array, relevant: Ragged, k: int) -> Values:
    """Precision at each hit, summed and divided by min(relevant, k); its mean over users is MAP@k."""
    found = hits(recommended, relevant, k)
    found_so_far: Values = np.cumsum(found, axis=1, dtype=np.float64)
    places = np.arange(found.shape[1], dtype=np.float64) + 1.0
    precision = found_so_far / places
    return np.sum(precision, axis=1, where=found) / np.minimum(relevant.lengths, k)


def hits(recommended: Array, relevant: Ragged, k: int) -> Bools:
    """Which of the first k places hold a relevant item: bool [U, min(k, K)].

    Raises:
        ValueError: k below 1, different numbers of users, or a user without relevant items.
    """
    _check(recommended, relevant, k)
    top = recommended[:, :k].astype(np.int64)
    span = np.int64(max(top.max(initial=-1), relevant.values.max(initial=-1)) + 1)
    wanted = relevant.row_of_value() * span + relevant.values
    given = np.arange(len(top))[:, None] * span + top
    return np.isin(given, wanted) & (top >= 0)


def _hit_counts(recommended: Array, relevant: Ragged, k: int) -> Values:
    return hits(recommended, relevant, k).sum(axis=1, dtype=np.float64)


def _check(recommended: Array, relevant: Ragged, k: int) -> None:
    if k < 1:
        raise ValueError(f"k is {k}; it must be at least 1.")
    if len(recommended) != len(relevant):
        raise ValueError(f"There are lists for {len(recommended)} users but relevant items of {len(relevant)}.")
    empty = np.flatnonzero(relevant.lengths == 0)
    if len(empty):
        raise ValueError(
            f"{len(empty)} of {len(relevant)} users have no relevant item, for example row {empty[0]}; "
            "no metric is defined for them: leave them out."
        )
