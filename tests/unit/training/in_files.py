"""Whether arrays lie in files."""

import mmap

from winnow.schema.column import Array


def lies_in_a_file(array: Array) -> bool:
    """Whether the array, or what it is a part of, is mapped."""
    base: object = array
    while base is not None and not isinstance(base, mmap.mmap):
        base = getattr(base, "base", None)
    return base is not None
