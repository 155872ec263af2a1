"""What one caller was shown so far."""

from dataclasses import dataclass

import numpy as np

from winnow.schema.column import Array
from winnow.schema.stable_hash import stable_hash, stable_hashes

NOTHING = np.empty(0, np.uint64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """Where a caller stands in a list of pages.

    Items are kept by the hashes of their names and not by rows, so that a cursor outlives a change of the bundle.

    Attributes:
        pages: answered so far; 0 before the first one.
        seed: uint64, of the first page.
        shown: uint64 [S] stable hashes of the items of all pages, the first first.
    """

    pages: int
    seed: int
    shown: Array

    @staticmethod
    def start(request_id: str) -> "Cursor":
        """Before the first page, whose seed is the name of its request."""
        return Cursor(pages=0, seed=stable_hash(request_id), shown=NOTHING)

    @property
    def page_seed(self) -> Array:
        """uint64 [1], of the page that comes next: a cursor that comes twice gets one draw, each page its own."""
        return stable_hashes([f"{self.seed}.{self.pages}"]) if self.pages else np.array([self.seed], np.uint64)

    def after(self, shown: Array) -> "Cursor":
        """With one more page, of items with these hashes, uint64 [n]."""
        return Cursor(pages=self.pages + 1, seed=self.seed, shown=np.concatenate([self.shown, shown]))
