"""What live events add to what training counted."""

from dataclasses import dataclass

import numpy as np

from winnow.pipeline.catalogue import Catalogue
from winnow.schema.column import Array
from winnow.stores.counts import Counts
from winnow.stores.state_config import HALF_LIFE_S

HELD = 1_000.0
"""What training counted never fades below the weight of as many events while it feeds sources: years after the last
training, one click must not be all that is known of a shop."""
SAME = 1e-6
"""Relative difference of weights that rounding explains."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveDemand:
    """Positive events since training by item, as of an instant.

    Attributes:
        weights: float64 [I], what they weigh: 1 when one happens, half as much after each half-life.
        at: the instant, UTC seconds.
    """

    weights: Array
    at: float

    @staticmethod
    def of(catalogue: Catalogue, told: tuple[Array, Array], now: float) -> "LiveDemand":
        """Of the items of a catalogue.

        Args:
            catalogue: I items; events of others are passed over.
            told: item hashes and what their events weigh now, as `StateStore.demand` has it.
            now: UTC seconds.
        """
        hashes, more = told
        rows = catalogue.rows_of_hashes(hashes)
        known = rows >= 0
        weights = np.bincount(rows[known], more[known], minlength=len(catalogue))
        return LiveDemand(weights=weights.astype(np.float64), at=now)

    def with_new(self, num_items: int) -> "LiveDemand":
        """The same for a catalogue to which items were appended."""
        new = np.zeros(num_items - len(self.weights))
        return LiveDemand(weights=np.concatenate([self.weights, new]), at=self.at)

    def adds_to(self, before: "LiveDemand | None", counts: Counts | None) -> bool:
        """Whether there are other events than before, not only a later instant."""
        if before is None:
            return bool(self.weights.any())
        left = _left(self.at - before.at, HALF_LIFE_S if counts is None else counts.half_life_s)
        return not np.allclose(self.weights, before.weights * left, rtol=SAME, atol=0)

    def with_counted(self, counts: Counts | None, held: float = 0.0) -> Array:
        """float64 [I], what all events weigh at the instant, those of the training time included.

        Args:
            counts: of the training time; None for none.
            held: weight below which those of the training time together never fade.
        """
        if counts is None:
            return self.weights
        counted = counts.trending.astype(np.float64)
        total = counted.sum()
        left = max(_left(self.at - counts.until, counts.half_life_s), min(1.0, held / total) if total else 0.0)
        return counted * left + self.weights

    def on_the_scale_of(self, counts: Counts) -> Array:
        """float32 [I], likewise, while the weights of all items add up to what they did in training.

        The ranker has learned what a score is worth when the counts were made; what it is asked with must not depend on
        how long ago that was, nor on how many of the events a service is told. Without any these are the counts.
        """
        if not self.weights.any():
            return counts.trending
        weights = self.with_counted(counts, HELD)
        total = float(counts.trending.sum(dtype=np.float64))
        return (weights * (total / weights.sum() if total else 1.0)).astype(np.float32)


def _left(age_s: float, half_life_s: float) -> float:
    """Share of a weight that is left."""
    return 0.5 ** (max(age_s, 0.0) / half_life_s)
