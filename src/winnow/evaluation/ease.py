"""A linear model that predicts each item from all others."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from winnow.evaluation.ease_penalty import ease_penalty
from winnow.evaluation.ease_weights import ease_weights
from winnow.evaluation.interactions import Interactions
from winnow.schema.column import Array

MOST_ITEMS = 20_000
"""Items in training above which the matrix, of four bytes for each pair, would take more than 1.6 GB."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ease:
    """Who had what, times the weights between items; a repeat counts one for each earlier event, as in ItemToItem.

    Attributes:
        counts: float64 sparse [users, I], events of each user and item before the user is asked.
        items: int64 [K], catalogue rows of the items of the training, rising.
        weights: float32 [K, K], from the items had to the items scored; zero on the diagonal.
        penalty: with which they were fitted.

    Source:
        Steck, Embarrassingly shallow autoencoders for sparse data, WWW 2019.
    """

    counts: sparse.csr_array
    items: Array
    weights: NDArray[np.float32]
    penalty: float

    @classmethod
    def fit(cls, training: Interactions, history: Interactions) -> "Ease":
        """Weighs items by who had them in training, and counts what users had when they are asked.

        Args:
            training: what is learned from; at most MOST_ITEMS items.
            history: what users had when they are asked.
        """
        items, penalty = np.unique(training.items), ease_penalty(training)
        weights = ease_weights(_binary(training.counts()[:, items]), penalty)
        return cls(counts=history.counts(), items=items, weights=weights, penalty=penalty)

    def scores(self, users: Array) -> Array:
        """Sums of weights, and repeats; zero where neither is."""
        own = self.counts[users]
        scores = own.toarray()
        scores[:, self.items] += _binary(own[:, self.items]) @ self.weights
        return scores


def fits_in_memory(training: Interactions) -> bool:
    """Whether there are at most MOST_ITEMS items in training."""
    return len(np.unique(training.items)) <= MOST_ITEMS


def _binary(counts: sparse.csr_array) -> sparse.csr_array:
    ones = np.ones(len(counts.data), np.float32)
    return sparse.csr_array((ones, counts.indices, counts.indptr), shape=counts.shape)
