"""How strong the planted effects came out."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from winnow.data.shop.calibration import Strength, pilot
from winnow.data.shop.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredEffects:
    """Variances over all that a crowd is shown, in squared logits.

    Attributes:
        variance: of the part of each effect; 0 for one that is taken away.
        total: of the sum of all parts. It differs from the sum of the variances by what the parts have in common.
    """

    variance: Mapping[str, float]
    total: float

    @property
    def shares(self) -> dict[str, float]:
        """Variance of each part over that of their sum; all 0 where nothing moves clicks."""
        return {name: variance / self.total if self.total else 0.0 for name, variance in self.variance.items()}


def measured_effects(world: World, strength: Strength) -> MeasuredEffects:
    """What a pilot crowd meets in the shop, had there been no drift.

    Args:
        world: the truth.
        strength: what the effects are multiplied with.
    """
    parts, _ = pilot(world, strength)
    total = sum(parts.values(), np.zeros(()))
    return MeasuredEffects(
        variance={name: float(part.var(dtype=np.float64)) for name, part in parts.items()},
        total=float(total.var(dtype=np.float64)),
    )
