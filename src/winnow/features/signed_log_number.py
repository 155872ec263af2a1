"""Numbers of either sign and of any size to about zero mean and unit deviation, and to codes by their size."""

from dataclasses import dataclass

import numpy as np

from winnow.features.numbers import numbers_of
from winnow.features.output import Output
from winnow.features.scaled_number import scaled_outputs, standardised
from winnow.schema.column import Array, Bools, Column
from winnow.schema.transform import MISSING_CODE


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedLogNumber:
    """sign(x) ln(1 + |x|), standardised, whether x is missing, and a code; counts with a -1 among them want it.

    The code is that of the logarithm without its fraction, its whole: what rises and falls again needs more than one
    weight.

    Attributes:
        mean, deviation: of the training rows, after the logarithm; the deviation is above 0.
        wholes: those that have a code; `wholes[i]` has the code 1 + i. Another has the code of the nearest, of two the
            lower one.
    """

    mean: float
    deviation: float
    wholes: tuple[int, ...]

    def outputs(self, name: str) -> tuple[Output, ...]:
        return (*scaled_outputs(name), Output(f"{name}_whole", "code", 1 + len(self.wholes)))

    def __call__(self, column: Column) -> tuple[Array, ...]:
        values, present = numbers_of(column)
        logs = signed_log(values)
        return (*standardised(logs, present, self.mean, self.deviation), self._codes(logs, present))

    def _codes(self, logs: Array, present: Bools) -> Array:
        """int32 [N]; all are missing where no whole has a code."""
        if not self.wholes:
            return np.full(len(logs), MISSING_CODE, np.int32)
        order = np.argsort(self.wholes)
        rising = np.array(self.wholes)[order]
        nearest = np.searchsorted((rising[:-1] + rising[1:]) / 2, np.floor(logs))
        return np.where(present, 1 + order[nearest], MISSING_CODE).astype(np.int32)


def signed_log(values: Array) -> Array:
    """sign(x) ln(1 + |x|) of any array."""
    return np.copysign(np.log1p(np.abs(values)), values)
