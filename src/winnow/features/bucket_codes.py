"""Numbers to codes, by edges."""

from dataclasses import dataclass

import numpy as np

from winnow.features.numbers import numbers_of
from winnow.features.output import Output
from winnow.schema.column import Array, Column
from winnow.schema.transform import FIRST_CODE, MISSING_CODE


@dataclass(frozen=True, slots=True, kw_only=True)
class BucketCodes:
    """`Bucketise`; there is nothing to fit."""

    edges: tuple[float, ...]

    def outputs(self, name: str) -> tuple[Output, ...]:
        return (Output(name, "code", FIRST_CODE + len(self.edges) + 1),)

    def __call__(self, column: Column) -> tuple[Array, ...]:
        values, present = numbers_of(column)
        codes = np.searchsorted(self.edges, values, side="right") + FIRST_CODE
        return (np.where(present, codes, MISSING_CODE).astype(np.int32),)
