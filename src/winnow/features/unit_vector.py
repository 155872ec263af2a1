"""Vectors that users bring, scaled to unit length."""

from dataclasses import dataclass

import numpy as np

from winnow.features.output import Output
from winnow.schema.column import Array, Column, Masked, Ragged
from winnow.schema.errors import SchemaError

_ROWS = 8192  # at a time, so that the float64 copies stay small


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitVector:
    """`PassThrough`; there is nothing to fit. Missing, not finite, or of length zero is the zero vector."""

    width: int

    def outputs(self, name: str) -> tuple[Output, ...]:
        return (Output(name, "vector", self.width),)

    def __call__(self, column: Column) -> tuple[Array, ...]:
        unit = np.zeros((len(column), self.width), np.float32)
        if not len(column) or (isinstance(column, Masked) and not column.present.any()):
            return (unit,)  # a column of nothing has no width of its own
        values = column.values if isinstance(column, Masked) else column
        if isinstance(values, Ragged) or values.shape[1:] != (self.width,):
            raise SchemaError(f"the column does not hold vectors of width {self.width}, which are wanted.")
        for start in range(0, len(values), _ROWS):
            unit[start : start + _ROWS] = _scaled(values[start : start + _ROWS])
        if isinstance(column, Masked):
            unit[~column.present] = 0
        return (unit,)


def _scaled(values: Array) -> Array:
    whole = np.isfinite(values).all(axis=1, keepdims=True)
    wide = np.where(whole, values, 0).astype(np.float64)
    length = np.sqrt((wide * wide).sum(axis=1, keepdims=True))
    return wide / np.where(length > 0, length, 1)
