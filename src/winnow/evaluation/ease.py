"""A linear model that predicts each item from all others, in closed form."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.linalg import get_lapack_funcs

from winnow.evaluation.interactions import Interactions
from winnow.schema.column import Array

PENALTY = 100.0
MOST_ITEMS = 20_000
"""Items in training above which the matrix, of four bytes for each pair, would take more than 1.6 GB."""
BLOCK = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Ease:
    """Who had what, times the weights between items.

    Attributes:
        had: float32 sparse [users, K], 1 where a user had one of the K items of the training when asked.
        items: int64 [K], catalogue rows of these items, rising.
        weights: float32 [K, K], from the items had to the items scored; zero on the diagonal.
        num_items: catalogue size.

    Source:
        Steck, Embarrassingly shallow autoencoders for sparse data, WWW 2019.
    """

    had: sparse.csr_array
    items: Array
    weights: NDArray[np.float32]
    num_items: int

    @classmethod
    def fit(cls, training: Interactions, history: Interactions) -> "Ease":
        """B = I - P diag(1 / diag P), P the inverse of X'X + PENALTY I, X binary.

        Args:
            training: what is learned from; at most MOST_ITEMS items.
            history: what users had when they are asked.
        """
        items = np.unique(training.items)
        trained = _binary(training, items)
        gram = np.asarray((trained.T @ trained).toarray(), np.float32, order="F")
        gram[np.diag_indices(len(items))] += PENALTY
        weights = _inverse(gram)
        weights /= -np.diag(weights)
        np.fill_diagonal(weights, 0.0)
        return cls(had=_binary(history, items), items=items, weights=weights, num_items=training.num_items)

    def scores(self, users: Array) -> Array:
        """Sums of weights; zero for items that training does not know."""
        scores = np.zeros((len(users), self.num_items))
        scores[:, self.items] = self.had[users] @ self.weights
        return scores


def fits_in_memory(training: Interactions) -> bool:
    """Whether there are at most MOST_ITEMS items in training."""
    return len(np.unique(training.items)) <= MOST_ITEMS


def _binary(events: Interactions, items: Array) -> sparse.csr_array:
    """float32 sparse [users, K], 1 for what users had of these items."""
    users, rows = np.divmod(np.unique(events.pairs), events.num_items)
    known = np.isin(rows, items)
    place = np.searchsorted(items, rows[known])
    ones = np.ones(len(place), np.float32)
    return sparse.csr_array((ones, (users[known], place)), shape=(events.num_users, len(items)))


def _inverse(gram: NDArray[np.float32]) -> NDArray[np.float32]:
    """The inverse of a positive definite matrix in the order of Fortran, in its own memory, by Cholesky."""
    potrf, potri = get_lapack_funcs(("potrf", "potri"), (gram,))
    factor, failed = potrf(gram, lower=1, overwrite_a=1, clean=0)
    inverse, singular = potri(factor, lower=1, overwrite_c=1)
    if failed or singular:
        raise ArithmeticError("The matrix of EASE has no inverse in spite of its penalty; this is a defect.")
    for start in range(0, len(inverse), BLOCK):
        end = start + BLOCK
        inverse[start:end, end:] = inverse[end:, start:end].T
        own = np.tril(inverse[start:end, start:end])
        inverse[start:end, start:end] = own + np.tril(own, -1).T
    return inverse
