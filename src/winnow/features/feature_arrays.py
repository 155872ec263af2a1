"""Model arrays of one entity, packed by form."""

from collections.abc import Mapping, Sequence

import numpy as np

from winnow.features.item_arrays import ItemArrays
from winnow.features.output import Output
from winnow.schema.column import Array
from winnow.schema.record import record


@record()
class FeatureArrays:
    """What models take, all C-contiguous, columns in the order of the outputs.

    Attributes:
        codes: int32 [N, Fc].
        values: float32 [N, Fv].
        vectors: float32 [N, W] by output name.
    """

    codes: Array
    values: Array
    vectors: Mapping[str, Array]

    def __len__(self) -> int:
        return len(self.codes)


def pack(outputs: Sequence[Output], arrays: Mapping[str, Array], num_rows: int) -> FeatureArrays:
    """The arrays of `num_rows` rows, side by side."""
    codes = [output.name for output in outputs if output.form == "code"]
    values = [output.name for output in outputs if output.form == "value"]
    return FeatureArrays(
        codes=_beside(codes, arrays, np.empty((num_rows, len(codes)), np.int32)),
        values=_beside(values, arrays, np.empty((num_rows, len(values)), np.float32)),
        vectors={output.name: arrays[output.name] for output in outputs if output.form == "vector"},
    )


def items_at(items: ItemArrays, rows: Array) -> FeatureArrays:
    """The arrays of N items, of rows int64 [N]."""
    vectors = {name: each[rows] for name, each in items.vectors.items()}
    return FeatureArrays(codes=items.codes[rows], values=items.values[rows], vectors=vectors)


def joined(pieces: Sequence[FeatureArrays]) -> FeatureArrays:
    """The rows of all pieces, at least one, one after the other."""
    if len(pieces) == 1:
        return pieces[0]
    names = pieces[0].vectors
    return FeatureArrays(
        codes=np.concatenate([piece.codes for piece in pieces]),
        values=np.concatenate([piece.values for piece in pieces]),
        vectors={name: np.concatenate([piece.vectors[name] for piece in pieces]) for name in names},
    )


def _beside(names: Sequence[str], arrays: Mapping[str, Array], table: Array) -> Array:
    for place, name in enumerate(names):
        table[:, place] = arrays[name]
    return table
