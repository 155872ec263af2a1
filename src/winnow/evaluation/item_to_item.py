"""People who had this had that: neighbours of the user's own items."""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from winnow.evaluation.interactions import Interactions
from winnow.schema.column import Array


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemToItem:
    """Sum of the cosines between an item and the user's other items; a repeat counts one for each earlier event.

    Attributes:
        counts: float64 sparse [users, I], events of each user and item before the user is asked.
        cosines: float64 sparse [I, I] between binary columns of users, without the diagonal.

    Source:
        Sarwar et al., Item-based collaborative filtering recommendation algorithms, 2001.
    """

    counts: sparse.csr_array
    cosines: sparse.csr_array

    @classmethod
    def fit(cls, training: Interactions, history: Interactions) -> "ItemToItem":
        """Compares items by the users that they share in training, and counts what users had when they are asked."""
        return cls(counts=history.counts(), cosines=_cosines(_binary(training.counts()), training.num_items))

    def scores(self, users: Array) -> Array:
        """Neighbourhood and repeats; zero without a history."""
        own = self.counts[users]
        return (_binary(own) @ self.cosines + own).toarray()


def _binary(counts: sparse.csr_array) -> sparse.csr_array:
    return sparse.csr_array((np.ones_like(counts.data), counts.indices, counts.indptr), shape=counts.shape)


def _cosines(had: sparse.csr_array, num_items: int) -> sparse.csr_array:
    norms = np.sqrt(np.bincount(had.indices, minlength=num_items))
    unit = sparse.csr_array((had.data / norms[had.indices], had.indices, had.indptr), shape=had.shape)
    cosines = (unit.T @ unit).tocsr()
    cosines.setdiag(0.0)
    cosines.eliminate_zeros()
    return cosines
