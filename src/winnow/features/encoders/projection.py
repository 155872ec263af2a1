"""Vectors of any encoder to the few numbers that models take; applied in NumPy."""

from dataclasses import dataclass

import numpy as np

from winnow.features.encoders.unit_length import unit_length
from winnow.features.output import Output
from winnow.schema.column import Array, Column, Floats, Masked, Ragged
from winnow.schema.errors import EncoderError

_ROWS = 8192  # at a time, so that the float64 copies stay small


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Projection:
    """Fitted `ImageVector`, or `TextVector` of an encoder that is not embedded: principal components.

    The column that it reads holds the encoder's vectors, float32 [N, D] of unit length; missing is the zero vector and
    stays it.

    Attributes:
        encoder: id of the encoder whose vectors it was fitted on.
        mean: float32 [D], of the training items.
        components: float32 [D, width], orthonormal columns, the strongest first.
        explained: float32 [width], share of the training items' variance that each component holds, 0 to 1.

    Source: Pearson, On lines and planes of closest fit to systems of points in space, 1901.
    """

    encoder: str
    mean: Floats
    components: Floats
    explained: Floats

    @property
    def width(self) -> int:
        """Numbers in a projected vector; less than what was asked for where items or their differences were few."""
        return self.components.shape[1]

    def outputs(self, name: str) -> tuple[Output, ...]:
        return (Output(name, "vector", self.width),)

    def __call__(self, column: Column) -> tuple[Array, ...]:
        if isinstance(column, Masked) and not column.present.any():
            return (np.zeros((len(column), self.width), np.float32),)  # a column of nothing has no width of its own
        if isinstance(column, Masked | Ragged) or column.shape[1:] != self.mean.shape:
            shape = list(column.shape) if isinstance(column, np.ndarray) else type(column).__name__
            raise EncoderError(
                f"Vectors of shape {shape} were given to a projection of width {len(self.mean)}; encode "
                f"with '{self.encoder}', on which it was fitted, or fit it again."
            )
        return (self._projected(column),)

    def _projected(self, vectors: Array) -> Floats:
        projected = np.empty((len(vectors), self.width), np.float32)
        for start in range(0, len(vectors), _ROWS):
            piece = vectors[start : start + _ROWS]
            projected[start : start + _ROWS] = unit_length((piece.astype(np.float64) - self.mean) @ self.components)
        projected[~vectors.any(axis=1)] = 0
        return projected
