"""Any raw column of numbers as float64 with a mask."""

import numpy as np

from winnow.schema.column import Array, Bools, Column, Masked
from winnow.schema.errors import SchemaError


def numbers_of(column: Column) -> tuple[Array, Bools]:
    """Numbers and which of them are there; NaN and infinities are missing.

    Returns:
        values float64 [N], 0.0 where missing; present bool [N].

    Raises:
        SchemaError: the column holds something other than numbers.
    """
    values = column.values if isinstance(column, Masked) else column
    if not isinstance(values, np.ndarray) or values.dtype.kind not in "fiub" or values.ndim != 1:
        return _nothing(column)
    values = np.ascontiguousarray(values, np.float64)
    present = np.isfinite(values)
    if isinstance(column, Masked):
        present &= column.present
    # A reduction costs four times as much, of each number of a request.
    return (values if np.count_nonzero(present) == len(present) else np.where(present, values, 0.0)), present


def _nothing(column: Column) -> tuple[Array, Bools]:
    """A column of any type is numbers as long as nothing is in it."""
    if isinstance(column, Masked) and not column.present.any():
        return np.zeros(len(column)), column.present
    raise SchemaError("the column does not hold numbers; a column of numbers is wanted.")
