"""An array of the Open Inference Protocol, in whichever form it travels."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from math import prod
from typing import Any

import numpy as np

from winnow.schema.column import Array
from winnow.serving.inference.inference_bytes import NUMBERS, TEXT, bytes_of, numbers_of, text_of, texts_of

WANTED: Mapping[str, tuple[type | tuple[type, ...], str]] = {
    TEXT: (str, "text"),
    "INT32": (int, "a whole number"),
    "INT64": (int, "a whole number"),
    "FP32": ((int, float), "a number"),
    "FP64": ((int, float), "a number"),
}
"""What an element of each datatype is in JSON."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tensor:
    """A named array.

    Attributes:
        name, datatype: as the protocol spells them.
        shape: length of each dimension.
        content: the elements row by row: the protocol's bytes; or Python values, flat or nested as the shape; or, of
            numbers, an array of the shape.
    """

    name: str
    datatype: str
    shape: tuple[int, ...]
    content: bytes | Sequence[Any] | Array

    def values(self) -> list[Any]:
        """All elements, flat: str, int or float.

        Raises:
            ValueError: they are not of the datatype, or not as many as the shape says; with the end of a sentence.
        """
        values = self._read()
        if len(values) != prod(self.shape):
            raise ValueError(f"it has {len(values)} elements, and its shape {list(self.shape)} says {prod(self.shape)}")
        return values

    def raw(self) -> bytes:
        """All elements, as the protocol's bytes."""
        if isinstance(self.content, bytes):
            return self.content
        if self.datatype == TEXT:
            return bytes_of(self.content)
        return np.asarray(self.content, NUMBERS[self.datatype]).tobytes()

    def _read(self) -> list[Any]:
        if isinstance(self.content, bytes):
            return texts_of(self.content) if self.datatype == TEXT else numbers_of(self.content, self.datatype)
        if isinstance(self.content, np.ndarray):
            return self.content.ravel().tolist()
        return [self._element(value, place) for place, value in enumerate(_flat(self.content))]

    def _element(self, value: Any, place: int) -> Any:
        if isinstance(value, bytes):
            return text_of(value, place)
        kinds, wanted = WANTED[self.datatype]
        if isinstance(value, bool) or not isinstance(value, kinds):
            raise ValueError(f"element {place} is {type(value).__name__}, and {self.datatype} is {wanted}")
        return value


def _flat(content: Sequence[Any]) -> Sequence[Any]:
    nested = [isinstance(each, list) for each in content]
    return list(chain.from_iterable(content)) if nested and all(nested) else content
