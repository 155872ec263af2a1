"""Numbers to about zero mean and unit deviation."""

from dataclasses import dataclass

import numpy as np

from winnow.features.numbers import numbers_of
from winnow.features.output import Output
from winnow.schema.column import Array, Bools, Column
from winnow.schema.errors import SchemaError

# Far beyond any honest value, and its square is still a finite float32.
_LIMIT = 1e9


@dataclass(frozen=True, slots=True, kw_only=True)
class ScaledNumber:
    """Fitted `Standardise` or, with `log`, `LogStandardise`: a value and whether it is missing.

    Attributes:
        mean, deviation: of the training rows, after ln(1 + x) with `log`; the deviation is above 0.
        log: whether ln(1 + x) comes first.
    """

    mean: float
    deviation: float
    log: bool

    def outputs(self, name: str) -> tuple[Output, ...]:
        return scaled_outputs(name)

    def __call__(self, column: Column) -> tuple[Array, ...]:
        values, present = numbers_of(column)
        if self.log:
            values = np.log1p(_not_negative(values))
        return standardised(values, present, self.mean, self.deviation)


def scaled_outputs(name: str) -> tuple[Output, ...]:
    """A value and whether it is missing."""
    return (Output(name, "value", 1), Output(f"{name}_missing", "value", 1))


def standardised(values: Array, present: Bools, mean: float, deviation: float) -> tuple[Array, ...]:
    """(x - mean) / deviation and whether x is missing, both float32 [N]; a missing x is 0.0.

    Args:
        values: float64 [N], finite.
        present: bool [N].
        mean: of the training rows.
        deviation: of the training rows, above 0.
    """
    reach = _LIMIT * deviation
    scaled = (np.clip(values, mean - reach, mean + reach) - mean) / deviation
    return np.where(present, scaled, 0.0).astype(np.float32), (~present).astype(np.float32)


def _not_negative(values: Array) -> Array:
    negative = values < 0
    if negative.any():
        raise SchemaError(
            f"{negative.sum()} values are negative, for example {values[negative][0]:g}; ln(1 + x) wants 0 or more."
        )
    return values
