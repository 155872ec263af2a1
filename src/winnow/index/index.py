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
            k: at least 1; more than there are items is padded.
            allowed: bool [num_items]; rows that may be returned, all by default.

        Returns:
            rows int64 [B, k], -1 where there is none; scores float32 [B, k], -inf there.
        """
        ...

    def save(self, folder: Path) -> None:
        """Write the index as files into an existing, empty folder."""
        ...
