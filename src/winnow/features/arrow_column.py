"""One Arrow column as an array."""

import numpy as np
import pyarrow as pa

from winnow.schema.column import Array, Bools, Column, Masked
from winnow.schema.errors import SchemaError


def arrow_column(chunks: pa.ChunkedArray, name: str) -> Column:
    """A column of an Arrow table; `name` is for messages.

    Text becomes an object array, integers stay integers, truth values stay bool, other numbers become float64,
    date-times float64 UTC seconds, lists of equal length float32 [N, W]. With nulls it is a `Masked`.

    Raises:
        SchemaError: no feature can read the type, or lists are of different lengths.
    """
    if pa.types.is_dictionary(chunks.type):
        chunks = chunks.cast(chunks.type.value_type)
    raw = chunks.combine_chunks() if chunks.num_chunks != 1 else chunks.chunk(0)
    present = np.asarray(raw.is_valid())
    values = _values(raw, name, present)
    return values if present.all() else Masked(values, present)


def _values(raw: pa.Array, name: str, present: Bools) -> Array:
    kind = raw.type
    if is_list(kind):
        return _vectors(raw, name, present)
    if is_instant(kind):
        # Whole microseconds, as ISO text is read, so that both ways round alike.
        return raw.cast(pa.timestamp("us"), safe=False).cast(pa.int64()).fill_null(0).to_numpy() / 1e6
    if pa.types.is_boolean(kind) or pa.types.is_integer(kind):
        return raw.fill_null(False if pa.types.is_boolean(kind) else 0).to_numpy(zero_copy_only=False)
    if pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return raw.cast(pa.float64(), safe=False).fill_null(0.0).to_numpy()
    if is_text(kind) or pa.types.is_null(kind):
        return raw.to_numpy(zero_copy_only=False).astype(object)
    raise SchemaError(f"The column '{name}' is of the Arrow type {kind}, which no feature can read.")


def _vectors(raw: pa.Array, name: str, present: Bools) -> Array:
    lists = raw.drop_null()
    lengths = np.asarray(lists.value_lengths())
    width = int(lengths[0]) if len(lengths) else 0
    if (lengths != width).any():
        example = int(np.flatnonzero(present)[np.flatnonzero(lengths != width)[0]])
        raise SchemaError(
            f"The column '{name}' has {(lengths != width).sum()} vectors of a width other than {width}, "
            f"the first in row {example}; all must be equal."
        )
    values = np.zeros((len(raw), width), np.float32)
    flat = lists.flatten().cast(pa.float32(), safe=False)
    values[present] = flat.to_numpy(zero_copy_only=False).reshape(len(lists), width)
    return values


def is_number(kind: pa.DataType) -> bool:
    """Whether values of the Arrow type are numbers or truth values."""
    number = pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)
    return number or pa.types.is_boolean(kind)


def is_instant(kind: pa.DataType) -> bool:
    """Whether values of the Arrow type are dates or date-times."""
    return pa.types.is_timestamp(kind) or pa.types.is_date(kind)


def is_text(kind: pa.DataType) -> bool:
    """Whether values of the Arrow type are text."""
    return pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)


def is_list(kind: pa.DataType) -> bool:
    """Whether values of the Arrow type are lists of numbers."""
    lists = pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind)
    return lists and is_number(kind.value_type)
