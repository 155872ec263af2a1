"""What every index promises."""

from pathlib import Path
from typing import Protocol

from winnow.schema.column import Array, Bools


class Index(Protocol):
    """Maximum inner product search over item vectors, addressed by item row."""

    @property
    def num_items(self) -> int:
        """Rows that the index holds."""
        ...

    def search(self, queries: Array, k: int, allowed: Bools | None = None) -> tuple[Array, Array]:
        """The k best rows of each query by inner product, best first, ties by row.

        Args:
            queries: float32 [B, D].
            k: more than there are items is padded.
            allowed: bool [num_items]; rows that may be returned, all by default.

        Returns:
            rows int64 [B, k], -1 where there is none; scores float32 [B, k], -inf there. A row whose score is NaN or
            -inf is never returned, so that a query that is not a number finds nothing.
        """
        ...

    def save(self, folder: Path) -> None:
        """Write `index.json` and what else is needed into an existing folder; `open_index` reads it back."""
        ...
