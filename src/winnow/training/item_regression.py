"""Each item told from all the others that a user had, by ridge regression in closed form."""

import numpy as np
from scipy import linalg, sparse

from winnow.schema.column import Array

PENALTIES = (0.1, 1.0, 10.0)
"""In mean users of an item. Which one is best differs by a hundred between shops, so that each asks its own users."""
LATER = 0.1
"""Share of the pairs, the latest, by which the penalty is chosen."""
ASKED = 2_000
"""Most users by whom it is chosen."""
AMONG = 10


def item_regression(had: sparse.csr_array, first_at: Array, num_items: int) -> Array:
    """Float32 [I, I] without a diagonal: what having the item of a row says of the item of a column.

    The penalty is the one by which the weights of what users had earlier best find what they had later.

    Args:
        had: float32 sparse [U, I], 1 where the user had the item.
        first_at: float64, when, for each of its elements, UTC seconds.
        num_items: I, at least 1; time grows with its cube and memory with its square.

    Source:
        Steck, Embarrassingly shallow autoencoders for sparse data, 2019.
    """
    return _weights(had, _chosen(had, first_at, num_items), num_items)


def _weights(had: sparse.csr_array, penalty: float, num_items: int) -> Array:
    shared: Array = (had.T @ had).toarray()
    shared[np.diag_indices(num_items)] += penalty * max(1.0, float(shared.diagonal().mean()))
    inverse: Array = linalg.inv(shared, overwrite_a=True, check_finite=False)
    weights = inverse / -inverse.diagonal()
    np.fill_diagonal(weights, 0)
    return weights


def _chosen(had: sparse.csr_array, first_at: Array, num_items: int) -> float:
    later = first_at >= np.quantile(first_at, 1 - LATER, method="higher")
    before, after = _only(had, ~later), _only(had, later)
    users = np.flatnonzero((np.diff(before.indptr) > 0) & (np.diff(after.indptr) > 0))
    if not len(users):
        return PENALTIES[1]
    users = users[:: -(-len(users) // ASKED)]
    recalls = [_recall(_weights(before, penalty, num_items), before[users], after[users]) for penalty in PENALTIES]
    return PENALTIES[int(np.argmax(recalls))]


def _only(had: sparse.csr_array, chosen: Array) -> sparse.csr_array:
    """Some of the elements."""
    offsets = np.concatenate([[0], np.cumsum(chosen)])[had.indptr]
    return sparse.csr_array((had.data[chosen], had.indices[chosen], offsets), shape=had.shape)


def _recall(weights: Array, before: sparse.csr_array, after: sparse.csr_array) -> float:
    """Mean share of what users had later among the AMONG best items that they had not."""
    scores: Array = before @ weights
    scores[before.toarray() > 0] = -np.inf
    best = np.argpartition(-scores, min(AMONG, scores.shape[1]) - 1, axis=1)[:, :AMONG]
    wanted: Array = after.toarray()
    return float(np.mean(np.take_along_axis(wanted, best, axis=1).sum(axis=1) / wanted.sum(axis=1)))
