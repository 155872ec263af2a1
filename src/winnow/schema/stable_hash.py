"""One hash of outside names for every process, bundle and store."""

import hashlib
from collections.abc import Iterable

import numpy as np

from winnow.schema.column import Array


def stable_hashes(names: Iterable[str]) -> Array:
    """uint64 [N] BLAKE2b hashes of N names."""
    digests = b"".join(hashlib.blake2b(name.encode(), digest_size=8).digest() for name in names)
    return np.frombuffer(digests, "<u8").astype(np.uint64)
