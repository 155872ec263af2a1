"""What of items somebody may like: a few numbers that tell most of how items differ."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from winnow.features.item_arrays import ItemArrays
from winnow.features.products_with import chosen_from, products_with
from winnow.schema.column import Array

FILE_NAME = "taste_space.npz"
CATEGORY, NUMBER, VECTOR, EVERYTHING = 0.35, 0.2, 0.6, 0.2
"""Standard deviations of likings that learning begins with, in log-odds."""
FEW_CODES = 1_024
"""Of a column with so many codes at most, all are compared with a taste at once; of others those that items have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TasteSpace:
    """A linear map of items to F numbers; the last one is the same for all, as somebody may like anything more.

    Attributes:
        codes: float32 [K, F - 1], of each code column what each code adds; of a column that is not read, K is 0.
        values: float32 [Fv, F - 1].
        vectors: float32 [W, F - 1] by name.
        centre: float32 [F - 1], what usual items have in common, which is taken out.
    """

    codes: tuple[Array, ...]
    values: Array
    vectors: Mapping[str, Array]
    centre: Array
    _tables: Array = field(init=False, repr=False, compare=False)
    _of_codes: Mapping[int, slice] = field(init=False, repr=False, compare=False)
    _of_vectors: Mapping[str, slice] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Puts what meets every taste beside each other: what is usual, values, columns of few codes, vectors."""
        few = {place: table for place, table in enumerate(self.codes) if 0 < len(table) <= FEW_CODES}
        parts = [-self.centre[None], self.values, *few.values(), *self.vectors.values()]
        tables = np.zeros((len(self.centre) + 1, sum(map(len, parts))), np.float32)
        tables[:-1], tables[-1, 0] = np.concatenate(parts).T, EVERYTHING
        slices = [slice(*each) for each in pairwise(np.cumsum([0, *map(len, parts)]).tolist())]
        object.__setattr__(self, "_tables", tables)
        object.__setattr__(self, "_of_codes", dict(zip(few, slices[2:], strict=False)))
        object.__setattr__(self, "_of_vectors", dict(zip(self.vectors, slices[2 + len(few) :], strict=True)))

    def __call__(self, items: ItemArrays) -> Array:
        """float32 [I, F]."""
        whole = np.full((len(items.values), len(self.centre) + 1), EVERYTHING, np.float32)
        told = whole[:, :-1]
        np.subtract(items.values @ self.values, self.centre, out=told)
        for table, codes in zip(self.codes, items.codes.T, strict=True):
            if len(table):
                told += table[codes]
        for name, table in self.vectors.items():
            told += items.vectors[name] @ table
        return whole

    def likings(self, tastes: Array, of: Array, items: ItemArrays) -> Array:
        """How much N items are liked: the inner products of what `self(items)` gives with tastes.

        Args:
            tastes: float32 [B, F].
            of: int64 [N], whose taste each item meets, below B.
            items: N of them.

        Returns:
            float32 [N], without F numbers for each item on the way.
        """
        met = tastes @ self._tables
        told = products_with(items.values, met[:, 1 : 1 + len(self.values)], of)
        told += met[0, 0] if len(met) == 1 else met[of, 0]
        for place, (table, codes) in enumerate(zip(self.codes, items.codes.T, strict=True)):
            if place in self._of_codes:
                told += chosen_from(met[:, self._of_codes[place]], of, codes)
            elif len(table):
                told += products_with(table[codes], tastes[:, :-1], of)
        for name, columns in self._of_vectors.items():
            told += products_with(items.vectors[name], met[:, columns], of)
        return told

    def save(self, folder: Path) -> None:
        """Writes into an existing folder."""
        codes = {f"code_{place}": table for place, table in enumerate(self.codes)}
        vectors = {f"vector_{name}": table for name, table in self.vectors.items()}
        arrays: dict[str, Any] = {"values": self.values, "centre": self.centre, **codes, **vectors}
        np.savez(folder / FILE_NAME, **arrays)

    @staticmethod
    def load(folder: Path) -> "TasteSpace":
        """Reads what `save` wrote."""
        with np.load(folder / FILE_NAME, allow_pickle=False) as content:
            arrays: dict[str, Array] = dict(content)
        number = sum(name.startswith("code_") for name in arrays)
        return TasteSpace(
            codes=tuple(arrays[f"code_{place}"] for place in range(number)),
            values=arrays["values"],
            vectors={name.removeprefix("vector_"): each for name, each in arrays.items() if name.startswith("vector_")},
            centre=arrays["centre"],
        )


def fit_taste_space(items: ItemArrays, sizes: Sequence[int], shown: Array, width: int) -> TasteSpace:
    """Keeps the directions in which the items that are shown differ most.

    Args:
        items: the catalogue.
        sizes: codes of each code column; 0 for one that is passed over, such as which item it is.
        shown: int64 [I], how often each item was shown.
        width: F at most.
    """
    weights = shown / max(1, int(shown.sum()))
    known = [np.unique(each if size else each[:0]) for size, each in zip(sizes, items.codes.T, strict=True)]
    hot = [codes[:, None] == each for codes, each in zip(items.codes.T, known, strict=True)]
    values, vectors = NUMBER * items.values, [VECTOR * each for each in items.vectors.values()]
    beside = np.concatenate([*(CATEGORY * each for each in hot), values, *vectors], axis=1, dtype=np.float64)
    mean = weights @ beside
    centred = beside - mean
    _, directions = np.linalg.eigh((centred.T * weights) @ centred)
    directions = directions[:, ::-1][:, : width - 1]
    widths = [*map(len, known), items.values.shape[1], *(each.shape[1] for each in vectors)]
    parts = np.split(directions.astype(np.float32), np.cumsum(widths)[:-1])
    of_codes, of_values, of_vectors = parts[: len(known)], parts[len(known)], parts[len(known) + 1 :]
    return TasteSpace(
        codes=tuple(CATEGORY * _by_code(*each) for each in zip(sizes, known, of_codes, strict=True)),
        values=NUMBER * of_values,
        vectors={name: VECTOR * each for name, each in zip(items.vectors, of_vectors, strict=True)},
        centre=(mean @ directions).astype(np.float32),
    )


def _by_code(size: int, known: Array, directions: Array) -> Array:
    """[size, F - 1] with the rows of known codes; the others say nothing."""
    table = np.zeros((size, directions.shape[1]), np.float32)
    table[known] = directions
    return table
