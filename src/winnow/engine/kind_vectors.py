"""Vectors that many items share, each kept once."""

from collections.abc import Mapping

import numpy as np

from winnow.engine.item_sides import EVENT, KINDS, VECTORS
from winnow.schema.column import Array


class KindVectors:
    """What of an item its codes alone tell: there are as many kinds as codes, where there may be a million items.

    Args:
        known: float32 [T, D], kinds so far, each once.
        own: vectors of an item that are its own, such as those of its words; they come before the others.
    """

    def __init__(self, known: Array, own: int) -> None:
        self._own, self._width = own, known.shape[1]
        self._numbers = {kind.tobytes(): number for number, kind in enumerate(known)}

    def apart(self, made: Mapping[str, Array]) -> dict[str, Array]:
        """What the click model made of n items, without `EVENT`, and with numbers of kinds for the vectors of kinds.

        `VECTORS` [n, own, D] then holds those that are the items' own, and `KINDS` int32 [n, K - own] places in
        `table()`.
        """
        kept = {name: each for name, each in made.items() if name != EVENT}
        if VECTORS in kept:
            vectors, numbers = kept[VECTORS], self._numbers
            kinds = np.ascontiguousarray(vectors[:, self._own :])
            rows: list[bytes] = kinds.reshape(-1).view(f"V{kinds.itemsize * kinds.shape[2]}").tolist()
            number_of = [numbers.setdefault(row, len(numbers)) for row in rows]
            self._width = kinds.shape[2]
            kept |= {VECTORS: vectors[:, : self._own], KINDS: np.array(number_of, np.int32).reshape(kinds.shape[:2])}
        return kept

    def table(self) -> Array:
        """float32 [T, D], the kinds met so far."""
        return np.frombuffer(b"".join(self._numbers), np.float32).reshape(len(self._numbers), self._width)
