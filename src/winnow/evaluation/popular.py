"""The same list for everybody: what most people had."""

from dataclasses import dataclass

import numpy as np

from winnow.evaluation.interactions import Interactions
from winnow.schema.column import Array

DAY_S = 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Popular:
    """Items by number of events.

    Attributes:
        counts: float64 [I].
    """

    counts: Array

    @classmethod
    def fit(cls, training: Interactions, since: float = -np.inf) -> "Popular":
        """Counts the events at or after `since` (UTC seconds)."""
        recent = training.items[training.at >= since]
        return cls(counts=np.bincount(recent, minlength=training.num_items).astype(np.float64))

    def scores(self, users: Array) -> Array:
        """The counts, whoever asks."""
        return np.tile(self.counts, (len(users), 1))

    def order(self) -> Array:
        """int64 [I], items by falling count, ties by row."""
        return np.argsort(-self.counts, kind="stable")
