"""A column of names as numbers: which names occur, and which of them each row has."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from winnow.data.arrow_compute import pc
from winnow.schema.column import Array


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedColumn:
    """N rows in four bytes each.

    Attributes:
        names: each once, in the order in which they first occur.
        column: the rows; all chunks share these names.
    """

    names: pa.Array
    column: pa.ChunkedArray

    @staticmethod
    def of(texts: pa.ChunkedArray) -> "NamedColumn":
        """Reads N texts, none of them missing."""
        column: pa.ChunkedArray = pc.dictionary_encode(texts)
        names = column.chunk(0).dictionary if column.num_chunks else pa.array([], texts.type)
        return NamedColumn(names=names, column=column)

    def __len__(self) -> int:
        return len(self.column)

    def places(self, rows: slice) -> Array:
        """int64 [n], places of the names of some rows."""
        chunks = self.column.slice(rows.start, rows.stop - rows.start).chunks
        return np.concatenate([np.empty(0, np.int64), *(np.asarray(each.indices, np.int64) for each in chunks)])

    def places_in(self, known: pa.Array, absent: int) -> Array:
        """int64, place of each of the names among others, and `absent` for one that is not among them."""
        return np.asarray(pc.fill_null(pc.index_in(self.names, known), absent), np.int64)
