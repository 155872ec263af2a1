"""Vectors in the order of a shop's items, read from the cache as they are asked for."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute

from winnow.schema.column import Array, Bools, Floats

_PC: Any = pyarrow.compute  # its functions are made when Arrow starts, where no type checker sees them


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredVectors:
    """N vectors that lie in a file; only what is taken comes into memory.

    Attributes:
        width: D.
        places: int64 [N], where each vector lies among all of the encoder's; -1 where there is none.
        chunks: float32 [n, D] each, all of the encoder's vectors.
    """

    width: int
    places: Array
    chunks: Sequence[Floats]

    def __len__(self) -> int:
        return len(self.places)

    @property
    def present(self) -> Bools:
        """Bool [N], whether there is a vector."""
        return self.places >= 0

    def take(self, rows: Array) -> Floats:
        """float32 [n, D], the vectors of the given rows; zero, which means missing, where there is none."""
        places = self.places[rows]
        taken = np.zeros((len(places), self.width), np.float32)
        start = 0
        for chunk in self.chunks:
            here = np.flatnonzero((places >= start) & (places < start + len(chunk)))
            taken[here] = chunk[places[here] - start]
            start += len(chunk)
        return taken

    def pieces(self, num_rows: int = 8192) -> Iterator[Floats]:
        """All rows in pieces of at most `num_rows`, for what need not see all at once."""
        starts = range(0, len(self), num_rows)
        return (self.take(np.arange(start, min(start + num_rows, len(self)))) for start in starts)


def stored_vectors(batches: Sequence[Any], keys: pa.Array, width: int) -> StoredVectors:
    """The vectors with the given keys.

    Args:
        batches: of one encoder, as `VectorTable.of` gives them.
        keys: binary [N], null where an item has no content.
        width: of the encoder's vectors.
    """
    known = pa.chunked_array([batch["key"] for batch in batches], pa.binary(32))
    places = _PC.index_in(keys, value_set=known, skip_nulls=True).fill_null(-1)
    chunks = [batch["vector"].flatten().to_numpy().reshape(-1, width) for batch in batches]
    return StoredVectors(width=width, places=places.to_numpy().astype(np.int64), chunks=chunks)
