"""Vectors of any encoder to the few numbers that models take; applied in NumPy."""

from dataclasses import dataclass

import numpy as np

from winnow.features.encoders.unit_length import unit_length
from winnow.schema.column import Array, Floats
from winnow.schema.errors import EncoderError

_ROWS = 8192  # at a time, so that the float64 copies stay small


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Projection:
    """Fitted principal components; the same object for training items and for those that come later.

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

    def __call__(self, vectors: Array) -> Floats:
        """float32 [N, width] of unit length. The zero vector means missing and stays zero.

        Args:
            vectors: float32 [N, D].

        Raises:
            EncoderError: they are of another width than those of the encoder.
        """
        if vectors.shape[1:] != self.mean.shape:
            raise EncoderError(
                f"Vectors of shape {list(vectors.shape)} were given to a projection of width {len(self.mean)}; encode "
                f"with '{self.encoder}', on which it was fitted, or fit it again."
            )
        projected = np.empty((len(vectors), self.width), np.float32)
        for start in range(0, len(vectors), _ROWS):
            piece = vectors[start : start + _ROWS]
            projected[start : start + _ROWS] = unit_length((piece.astype(np.float64) - self.mean) @ self.components)
        projected[~vectors.any(axis=1)] = 0
        return projected
