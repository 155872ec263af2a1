"""What every index promises."""

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

        Raises:
            ValueError: the queries are not as wide as the vectors.
        """
        ...

    def with_items(self, rows: Array, vectors: Array, whole: Array | None = None) -> "Index":
        """A new index in which the rows have these vectors, new rows and known ones alike; this one stays as it is.

        Args:
            rows: int64 [M], each once; beyond `num_items` they are appended.
            vectors: float32 [M, D], finite.
            whole: float32 [N, D] of all rows as they are now, where the caller has that; an index that would make such
                a copy holds this instead.

        Raises:
            ValueError: shapes do not match, a row comes twice or is negative, or a vector is not finite.
        """
        ...

    def without(self, rows: Array) -> "Index":
        """A new index that never returns the rows, int64 [M], until `with_items` gives them again.

        `num_items` stays; rows that the index does not hold are passed over.
        """
        ...
