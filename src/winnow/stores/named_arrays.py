"""Arrays beside the names that they are about, in one file: compact, quick to read, and free of pickle."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from winnow.schema.column import Array, offsets_of


def save_named_arrays(file: Path, names: Sequence[str], arrays: Mapping[str, Array]) -> None:
    """Write names and arrays as `.npz`; the same content gives the same bytes.

    Args:
        file: in an existing folder; its name ends in `.npz`.
        names: N texts, kept as uint8 UTF-8 `names` and int64 [N + 1] `name_offsets` in characters.
        arrays: by any other key.
    """
    lengths = np.fromiter(map(len, names), np.int64, len(names))
    packed = np.frombuffer("".join(names).encode(), np.uint8)
    content: dict[str, Any] = {"names": packed, "name_offsets": offsets_of(lengths), **arrays}
    np.savez(file, **content)


def load_named_arrays(file: Path) -> tuple[tuple[str, ...], dict[str, Array]]:
    """The names and the arrays that `save_named_arrays` wrote."""
    # NumPy does not close a file that it opened and cannot read.
    with file.open("rb") as opened, np.load(opened, allow_pickle=False) as content:
        arrays: dict[str, Array] = dict(content)
    text = arrays.pop("names").tobytes().decode()
    names = tuple(text[start:end] for start, end in pairwise(arrays.pop("name_offsets").tolist()))
    return names, arrays
