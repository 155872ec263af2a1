"""Inverted lists of which a change replaces those that it touches, one by one."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from winnow.index.faiss_library import FAISS, over, unordered
from winnow.schema.column import Array

NOBODY = -1
"""Stands in a list that a change has emptied: FAISS takes an empty one for one that was not replaced."""


@dataclass(frozen=True, slots=True)
class ChangingLists:
    """The lists of an IndexIVFFlat as it was built, and some in place of them.

    A search reads a replaced list as any other, so that changes cost it nothing; a change copies what has been replaced
    so far, and lists that nothing touched are never copied.

    Attributes:
        built: the FAISS object; never touched.
        replaced: FAISS's ArrayInvertedLists; empty but for what was replaced.
        numbers: int64, rising: of the lists that were replaced.
        list_of: int64 [N], where each row is; -1 for those that are in none.
        ivf: the FAISS object that searches both.
        unordered: the same for `search_lists`.
    """

    built: Any
    replaced: Any
    numbers: Array
    list_of: Array
    ivf: Any
    unordered: Any

    @staticmethod
    def of(built: Any) -> "ChangingLists":
        """With no change yet."""
        list_of = np.full(built.ntotal, -1, np.int64)
        for number in range(built.nlist):
            list_of[_rows_in(built.invlists, number)] = number
        none = FAISS.ArrayInvertedLists(built.nlist, built.code_size)
        return ChangingLists(built, none, np.empty(0, np.int64), list_of, built, unordered(built))

    @property
    def centroids(self) -> Array:
        """float32 [L, D]."""
        return self.built.quantizer.reconstruct_n(0, self.built.nlist)

    def changed(self, gone: Array, rows: Array, vectors: Array, lists: Array) -> "ChangingLists":
        """Without some rows, and with others, which are moved if they are here already.

        Args:
            gone: int64 [G], rows that are or are not here.
            rows: int64 [M], each once.
            vectors: float32 [M, D].
            lists: int64 [M], where they go.
        """
        size = max(len(self.list_of), int(rows.max(initial=-1)) + 1)
        list_of = np.full(size, -1, np.int64)
        list_of[: len(self.list_of)] = self.list_of
        left = np.concatenate((gone, rows))
        touched = np.unique(np.concatenate((list_of[left[left < size]], lists)))
        touched = touched[touched >= 0]
        list_of[gone[gone < size]], list_of[rows] = -1, lists
        replaced = FAISS.ArrayInvertedLists(self.built.nlist, self.built.code_size)
        for number in np.setdiff1d(self.numbers, touched).tolist():
            _put(replaced, number, _rows_in(self.replaced, number), _codes_in(self.replaced, number))
        codes = np.ascontiguousarray(vectors, np.float32).view(np.uint8)
        for number in touched.tolist():
            before = self.replaced if number in self.numbers else self.built.invlists
            here = _rows_in(before, number)
            stay, come = ~np.isin(here, left) & (here != NOBODY), lists == number
            _put(
                replaced,
                number,
                np.concatenate((here[stay], rows[come])),
                np.concatenate((_codes_in(before, number)[stay], codes[come])),
            )
        numbers = np.union1d(self.numbers, touched)
        both = FAISS.MaskedInvertedLists(replaced, self.built.invlists)
        both.referenced_objects = [replaced, self.built]  # FAISS only points to them
        ivf = over(self.built, both)
        return ChangingLists(self.built, replaced, numbers, list_of, ivf, unordered(ivf))


def _rows_in(lists: Any, number: int) -> Array:
    """int64 [n], a view."""
    size = lists.list_size(number)
    # An empty list has no address that could be read.
    return FAISS.rev_swig_ptr(lists.get_ids(number), size) if size else np.empty(0, np.int64)


def _codes_in(lists: Any, number: int) -> Array:
    """uint8 [n, 4 D], a view."""
    size, width = lists.list_size(number), lists.code_size
    read = FAISS.rev_swig_ptr(lists.get_codes(number), size * width) if size else np.empty(0, np.uint8)
    return read.reshape(size, width)


def _put(lists: Any, number: int, rows: Array, codes: Array) -> None:
    if not len(rows):
        # Not a number, so that no search finds it.
        rows = np.array([NOBODY])
        codes = np.full((1, lists.code_size // 4), np.nan, np.float32).view(np.uint8)
    rows, codes = np.ascontiguousarray(rows), np.ascontiguousarray(codes)
    lists.add_entries(number, len(rows), FAISS.swig_ptr(rows), FAISS.swig_ptr(codes))
