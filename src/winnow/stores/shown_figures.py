"""What came of showing items, as models read it of candidates."""

from dataclasses import dataclass

import numpy as np

from winnow.schema.column import Array


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownFigures:
    """The figures of a `Showings` to which nothing is added any more, each worked out once.

    Attributes:
        columns: places of the item codes that are counted besides the items themselves.
        items: float32 [I + 1, W + 1]; the last row is that of all items that came later, which nobody was shown.
        codes: float32 [K, W] for each of the columns, by code.
    """

    columns: tuple[int, ...]
    items: Array
    codes: tuple[Array, ...]

    @property
    def width(self) -> int:
        """Columns of what a call gives."""
        return self.items.shape[1] + sum(each.shape[1] for each in self.codes)

    def __call__(self, rows: Array, codes: Array) -> Array:
        """As `Showings.figures` has it.

        Args:
            rows: int64 [N], of the catalogue.
            codes: int32 [N, Fc], of these items.

        Returns:
            float32 [N, width].
        """
        own = self.items.take(rows, axis=0, mode="clip")
        counted = zip(self.codes, self.columns, strict=True)
        of_codes = (table.take(codes[:, column], axis=0) for table, column in counted)
        return np.concatenate([own, *of_codes], axis=1)
