"""One hash of outside names for every process, bundle and store."""

import hashlib
from collections.abc import Iterable

import numpy as np

from winnow.schema.column import Array


def stable_hashes(names: Iterable[str]) -> Array:
    """uint64 [N] BLAKE2b hashes of N names."""
    digests = b"".join(map(_digest, names))
    return np.frombuffer(digests, "<u8").astype(np.uint64)


def stable_hash(name: str) -> int:
    """That of a single name."""
    return int.from_bytes(_digest(name), "little")


def _digest(name: str) -> bytes:
    return hashlib.blake2b(name.encode(), digest_size=8).digest()
