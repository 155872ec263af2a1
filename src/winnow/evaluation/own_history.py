"""Back to what one had: the user's own items, the most frequent first."""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from winnow.evaluation.interactions import Interactions
from winnow.schema.column import Array


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnHistory:
    """Each user's items by number of events; among equal numbers the more recent comes first.

    Attributes:
        strength: float64 sparse [users, I], number of events plus a share of recency in [0, 1).
    """

    strength: sparse.csr_array

    @classmethod
    def fit(cls, history: Interactions) -> "OwnHistory":
        """Counts events of each user and item before the user is asked."""
        pairs, inverse, counts = np.unique(history.pairs, return_inverse=True, return_counts=True)
        last = np.zeros(len(pairs))
        np.maximum.at(last, inverse, (np.arange(len(history)) / max(1, len(history))))
        users, items = np.divmod(pairs, history.num_items)
        shape = (history.num_users, history.num_items)
        return cls(strength=sparse.csr_array((counts + last, (users, items)), shape=shape))

    def scores(self, users: Array) -> Array:
        """The strengths; zero for what the user never had."""
        return self.strength[users].toarray()
