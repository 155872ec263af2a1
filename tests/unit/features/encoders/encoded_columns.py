"""Columns of an encoder that never was, for tests of what comes after encoders."""

import numpy as np

from winnow.features.encoders.encoded_column import EncodedColumn
from winnow.features.encoders.stored_vectors import StoredVectors
from winnow.schema.column import Array


def encoded_column(vectors: Array, encoder: str = "test") -> EncodedColumn:
    """The rows of float32 [N, D] as they lie in a cache; a zero vector is a row without content."""
    present = vectors.any(axis=1)
    places = np.where(present, np.cumsum(present) - 1, -1)
    stored = StoredVectors(width=vectors.shape[1], places=places, chunks=[vectors[present]])
    return EncodedColumn(encoder=encoder, vectors=stored)
