"""A column of text as its distinct values and where each row's is, so that Python sees each value once."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from winnow.schema.column import Array, Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class DistinctValues:
    """What the column holds.

    Attributes:
        values: object [D] text; of a part of a table some may be in no row.
        places: int [N], place of each row's value in `values`; D where it is missing.
    """

    values: Array
    places: Ints

    def counts(self) -> Ints:
        """int64 [D], how many rows have each value."""
        return np.bincount(self.places, minlength=len(self.values) + 1)[:-1]


def distinct_values(column: pa.ChunkedArray) -> DistinctValues:
    """The values of a column of text, or of dictionaries of text."""
    coded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    whole = coded.unify_dictionaries().combine_chunks()
    array = whole.chunk(0) if isinstance(whole, pa.ChunkedArray) else whole
    values = array.dictionary.to_numpy(zero_copy_only=False).astype(object)
    return DistinctValues(values=values, places=array.indices.fill_null(len(values)).to_numpy())
