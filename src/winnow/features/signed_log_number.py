"""Numbers of either sign and of any size to about zero mean and unit deviation."""

from dataclasses import dataclass

import numpy as np

from winnow.features.numbers import numbers_of
from winnow.features.output import Output
from winnow.features.scaled_number import scaled_outputs, standardised
from winnow.schema.column import Array, Column


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedLogNumber:
    """sign(x) ln(1 + |x|), standardised, and whether x is missing; counts with a -1 among them want it.

    Attributes:
        mean, deviation: of the training rows, after the logarithm; the deviation is above 0.
    """

    mean: float
    deviation: float

    def outputs(self, name: str) -> tuple[Output, ...]:
        return scaled_outputs(name)

    def __call__(self, column: Column) -> tuple[Array, ...]:
        values, present = numbers_of(column)
        return standardised(signed_log(values), present, self.mean, self.deviation)


def signed_log(values: Array) -> Array:
    """sign(x) ln(1 + |x|) of any array."""
    return np.copysign(np.log1p(np.abs(values)), values)
