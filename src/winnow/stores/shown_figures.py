"""What came of showing items, as models read it of candidates."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from winnow.schema.column import Array, offsets_of


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownFigures:
    """The figures of a `Showings` to which nothing is added any more, each worked out once.

    Attributes:
        items: float32 [I + 1, W + 1]; the last row is that of all items that came later, which nobody was shown.
        columns: int64 [C], places of the item codes that are counted besides the items themselves.
        starts: int64 [C], where the codes of each of them begin among all.
        codes: float32 [K, W], of all codes of these columns.
    """

    items: Array
    columns: Array
    starts: Array
    codes: Array

    @staticmethod
    def of(items: Array, columns: Sequence[int], codes: Sequence[Array]) -> "ShownFigures":
        """From the codes of each column, float32 [Kc, W]."""
        starts = offsets_of(np.array([len(each) for each in codes], np.int64))[:-1]
        nothing = np.empty((0, items.shape[1] - 1), np.float32)
        return ShownFigures(
            items=items, columns=np.array(columns, np.int64), starts=starts, codes=np.concatenate([nothing, *codes])
        )

    @property
    def width(self) -> int:
        """Columns of what a call gives."""
        return self.items.shape[1] + len(self.columns) * self.codes.shape[1]

    def __call__(self, rows: Array, codes: Array) -> Array:
        """As `Showings.figures` has it.

        Args:
            rows: int64 [N], of the catalogue.
            codes: int32 [N, Fc], of these items.

        Returns:
            float32 [N, width].
        """
        own = self.items.take(rows, axis=0, mode="clip")
        of_codes = self.codes.take(codes.take(self.columns, axis=1) + self.starts, axis=0)
        return np.concatenate([own, of_codes.reshape(len(rows), self.width - own.shape[1])], axis=1)
