"""A column of texts or pictures as an encoder's vectors."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from winnow.features.encoders.stored_vectors import StoredVectors
from winnow.schema.column import Array, Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class EncodedColumn:
    """N rows, of which only what is taken comes into memory.

    Attributes:
        encoder: id of the encoder.
        vectors: of N rows, zero where there is no content.
    """

    encoder: str
    vectors: StoredVectors

    def of(self, rows: Array) -> "EncodedColumn":
        """The given rows, still not in memory."""
        return replace(self, vectors=replace(self.vectors, places=self.vectors.places[rows]))

    def pieces(self) -> Iterator[Floats]:
        """float32 [n, D] of all rows, some at a time."""
        return self.vectors.pieces()
