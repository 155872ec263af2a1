"""The space in which vectors are as queries see them."""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from winnow.schema.column import Array
from winnow.schema.errors import BundleError

STRETCH = "stretch.npy"

RIDGE = 1e-3
"""Share of the mean variance that every direction has at least, be there a query in it or not."""


@dataclass(frozen=True, slots=True)
class QuerySpace:
    """Vectors and queries in other coordinates, in which near vectors are alike to the queries that come.

    Queries of real visitors lie in few directions, and vectors that differ in the others are the same to them. By the
    root of the queries' second moment, equal distances are about equal differences of inner products. Inner products of
    queries and vectors are there what they were.

    Attributes:
        stretch: float64 [D, D], symmetric and invertible.

    Source: the idea of a loss that weighs errors by their inner products with queries is that of Guo et al.,
    Accelerating large-scale inference with anisotropic vector quantization, ICML 2020.
    """

    stretch: Array
    _inverse: Array = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_inverse", np.linalg.inv(self.stretch).astype(np.float32))

    @staticmethod
    def of(queries: Array, dim: int) -> "QuerySpace":
        """For a sample, float32 [Q, dim]; where it is empty or all zeros, all directions count the same."""
        if not len(queries):
            return QuerySpace(np.eye(dim))
        moment = queries.T.astype(np.float64) @ queries / len(queries)
        mean = max(np.trace(moment) / dim, np.finfo(np.float32).tiny)
        values, directions = np.linalg.eigh(moment / mean + RIDGE * np.eye(dim))
        return QuerySpace(directions * np.sqrt(values) @ directions.T)

    @staticmethod
    def load(folder: Path, dim: int) -> "QuerySpace":
        """What `save` wrote of vectors that wide.

        Raises:
            BundleError: the file is missing, damaged or of another width.
        """
        file = folder / STRETCH
        try:
            stretch = np.load(file, allow_pickle=False)
        except (OSError, ValueError) as error:
            raise BundleError(f"{file} cannot be read; build the bundle again. It says: {error}") from error
        if stretch.shape != (dim, dim):
            raise BundleError(
                f"{file} has the shape {list(stretch.shape)}; [{dim}, {dim}] is wanted. "
                "Parts of two bundles were mixed."
            )
        return QuerySpace(stretch)

    def save(self, folder: Path) -> None:
        """Writes it into an existing folder."""
        np.save(folder / STRETCH, self.stretch, allow_pickle=False)

    def seen(self, vectors: Array) -> Array:
        """Float32 [N, D], where vectors [N, D] are."""
        return np.ascontiguousarray(vectors @ self.stretch, np.float32)

    def unseen(self, seen: Array) -> Array:
        """Float32 [N, D], the vectors that are there."""
        return np.ascontiguousarray(np.linalg.solve(self.stretch, seen.T).T, np.float32)

    def asked(self, queries: Array) -> Array:
        """Float32 [B, D], where queries float32 [B, D] are; huge ones overflow to inf and NaN."""
        with np.errstate(over="ignore", invalid="ignore"):
            return queries @ self._inverse
