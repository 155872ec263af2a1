"""Rows to unit length."""

import numpy as np

from winnow.schema.column import Array, Floats

_NOISE = 1e-6


def unit_length(vectors: Array) -> Floats:
    """float32 [N, D], each row of length 1; a row shorter than 1e-6 has no direction and becomes the zero vector."""
    wide = vectors.astype(np.float64)
    length = np.sqrt((wide * wide).sum(axis=1, keepdims=True))
    return np.where(length > _NOISE, wide / np.where(length > _NOISE, length, 1), 0).astype(np.float32)
