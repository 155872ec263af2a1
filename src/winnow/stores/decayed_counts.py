"""Live events counted by item, each weighing less the older it is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock

import numpy as np

from winnow.schema.column import Array, Bools


@dataclass(slots=True)
class DecayedCounts:
    """Counts of events by item and type; an event weighs 1 when it happens, and half as much after each half-life.

    Safe to share between threads. It grows with the items that had an event, not with the events.

    Attributes:
        half_life_s: above 0.
    """

    half_life_s: float
    _kept: dict[tuple[int, int], tuple[float, float]] = field(
        default_factory=dict[tuple[int, int], tuple[float, float]]
    )
    _lock: Lock = field(default_factory=Lock)

    def add(self, item_hash: int, code: int, at: float) -> None:
        """Counts one event: the item's stable hash, the code of the type, and UTC seconds; in any order of time."""
        with self._lock:
            weight, as_of = self._kept.get((item_hash, code), (0.0, at))
            latest = max(as_of, at)
            weight = weight * self._left(latest - as_of) + self._left(latest - at)
            self._kept[item_hash, code] = weight, latest

    def of(self, counted: Bools, now: float) -> tuple[Array, Array]:
        """Item hashes uint64 [M], in any order and perhaps more than once, and float64 [M], what their events weigh.

        Args:
            counted: bool [number of event types], which types count.
            now: UTC seconds; an event that is later weighs 1.
        """
        with self._lock:
            every = list(self._kept.items())
        kept = [(key[0], *state) for key, state in every if counted[key[1]]]
        weights = [weight * self._left(now - as_of) for _, weight, as_of in kept]
        return np.array([item_hash for item_hash, _, _ in kept], np.uint64), np.array(weights, np.float64)

    def frozen(self) -> dict[tuple[int, int], tuple[float, float]]:
        """By item hash and type: what the events weigh, and as of when. A copy."""
        with self._lock:
            return self._kept.copy()

    @staticmethod
    def of_frozen(half_life_s: float, kept: Mapping[tuple[int, int], tuple[float, float]]) -> "DecayedCounts":
        """Goes on with what `frozen` gave."""
        return DecayedCounts(half_life_s, dict(kept))

    def _left(self, age_s: float) -> float:
        """Share of the weight that is left."""
        return 0.5 ** (max(age_s, 0.0) / self.half_life_s)
