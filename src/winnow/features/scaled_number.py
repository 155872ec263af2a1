"""Numbers to about zero mean and unit deviation."""

from dataclasses import dataclass

import numpy as np

from winnow.features.numbers import numbers_of
from winnow.features.output import Output
from winnow.schema.column import Array, Column
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
        return (Output(name, "value", 1), Output(f"{name}_missing", "value", 1))

    def __call__(self, column: Column) -> tuple[Array, ...]:
        values, present = numbers_of(column)
        if self.log:
            values = np.log1p(_not_negative(values))
        reach = _LIMIT * self.deviation
        scaled = (np.clip(values, self.mean - reach, self.mean + reach) - self.mean) / self.deviation
        return np.where(present, scaled, 0.0).astype(np.float32), (~present).astype(np.float32)


def _not_negative(values: Array) -> Array:
    negative = values < 0
    if negative.any():
        raise SchemaError(
            f"{negative.sum()} values are negative, for example {values[negative][0]:g}; ln(1 + x) wants 0 or more."
        )
    return values
