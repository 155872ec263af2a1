"""Elements of tensors as the bytes of the Open Inference Protocol, little-endian and row by row."""

import struct
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

TEXT = "BYTES"
NUMBERS: Mapping[str, np.dtype[Any]] = {
    "INT32": np.dtype("<i4"),
    "INT64": np.dtype("<i8"),
    "FP32": np.dtype("<f4"),
    "FP64": np.dtype("<f8"),
}
LENGTH = struct.Struct("<I")
"""Before each text, its bytes."""


def numbers_of(raw: bytes, datatype: str) -> list[Any]:
    """Numbers of one of `NUMBERS`. Raises ValueError, with the end of a sentence."""
    width = NUMBERS[datatype].itemsize
    if len(raw) % width:
        raise ValueError(f"{len(raw)} came, and each element takes {width}")
    return np.frombuffer(raw, NUMBERS[datatype]).tolist()


def texts_of(raw: bytes) -> list[str]:
    """Texts, each behind its length. Raises ValueError, with the end of a sentence."""
    texts: list[str] = []
    start = 0
    while start < len(raw):
        end = start + LENGTH.size
        if end > len(raw):
            raise ValueError(f"the length of element {len(texts)} is cut off")
        length = LENGTH.unpack_from(raw, start)[0]
        start = end + length
        if start > len(raw):
            raise ValueError(f"element {len(texts)} has {length:,} bytes by its length, and {len(raw) - end:,} follow")
        texts.append(text_of(raw[end:start], len(texts)))
    return texts


def text_of(element: bytes, place: int) -> str:
    """One text. Raises ValueError, with the end of a sentence."""
    try:
        return element.decode()
    except UnicodeDecodeError as error:
        raise ValueError(f"element {place} is not UTF-8 from byte {error.start} on") from error


def bytes_of(texts: Iterable[str]) -> bytes:
    """Texts, each behind its length."""
    return b"".join(LENGTH.pack(len(each)) + each for each in map(str.encode, texts))
