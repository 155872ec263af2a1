"""Vectors that no index takes."""

import numpy as np

from winnow.schema.column import Array


def check_vectors(vectors: Array) -> None:
    """Refuses what cannot be searched.

    Raises:
        ValueError: the vectors are not float32 [N, D], or not finite.
    """
    if vectors.ndim != 2 or vectors.dtype != np.float32:
        raise ValueError(f"An index takes float32 vectors [N, D]; these are {vectors.dtype} {list(vectors.shape)}.")
    finite = np.isfinite(vectors)
    if not finite.all():
        broken = np.flatnonzero(~finite.all(axis=1))
        raise ValueError(
            f"{len(broken)} of {len(vectors)} item vectors are not finite, the first in row {broken[0]}; "
            "look for a training run that diverged."
        )


def check_change(rows: Array, vectors: Array, embedding_dim: int) -> None:
    """Refuses rows and vectors that cannot be given to an index.

    Raises:
        ValueError: shapes do not match, a row comes twice or is negative, or a vector is not finite.
    """
    if vectors.shape != (len(rows), embedding_dim):
        raise ValueError(
            f"{len(rows)} rows came with vectors of the shape {list(vectors.shape)}; "
            f"{[len(rows), embedding_dim]} is wanted."
        )
    if len(np.unique(rows)) != len(rows) or (rows < 0).any():
        raise ValueError(f"Rows are given once each and are 0 or more; these came: {rows[:10].tolist()}.")
    if not np.isfinite(vectors).all():
        raise ValueError("An item vector is not finite; look for a training run that diverged.")


def all_finite(queries: Array) -> bool:
    """Whether every number of queries [B, D] is; a count costs a fifth of a reduction, of each search."""
    return np.count_nonzero(np.isfinite(queries)) == queries.size


def check_queries(queries: Array, embedding_dim: int) -> None:
    """Raises ValueError unless queries [B, D] are as wide as the vectors."""
    if queries.shape[1] != embedding_dim:
        raise ValueError(f"The queries have {queries.shape[1]} dimensions; the index holds {embedding_dim}.")
