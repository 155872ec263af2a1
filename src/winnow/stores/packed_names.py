"""Names as two plain arrays: compact, quick to read, and free of pickle."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from winnow.schema.column import Array, offsets_of


def pack_names(names: Sequence[str]) -> tuple[Array, Array]:
    """uint8 UTF-8 bytes of all names, one after the other, and int64 [N + 1] offsets in characters."""
    lengths = np.fromiter(map(len, names), np.int64, len(names))
    return np.frombuffer("".join(names).encode(), np.uint8), offsets_of(lengths)


def unpack_names(packed: Array, offsets: Array) -> tuple[str, ...]:
    """The names that `pack_names` packed."""
    text = packed.tobytes().decode()
    return tuple(text[start:end] for start, end in pairwise(offsets.tolist()))
