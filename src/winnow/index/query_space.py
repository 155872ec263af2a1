"""The space in which vectors are as queries see them."""

from pathlib import Path

import numpy as np

from winnow.schema.column import Array
from winnow.schema.errors import BundleError

STRETCH = "stretch.npy"

RIDGE = 1e-3
"""Share of the mean variance that every direction has at least, be there a query in it or not."""


def stretch_for(queries: Array, dim: int) -> Array:
    """Float64 [D, D], symmetric and invertible; what it makes of vectors [N, D] is how the queries see them.

    Queries of real visitors lie in few directions, and vectors that differ in the others are the same to them. By the
    root of the queries' second moment, equal distances are about equal differences of inner products.

    Args:
        queries: float32 [Q, D], a sample; of none, or of nothing but zeros, all directions count the same.
        dim: D.

    Source: the idea of a loss that weighs errors by their inner products with queries is that of Guo et al.,
    Accelerating large-scale inference with anisotropic vector quantization, ICML 2020.
    """
    if not len(queries):
        return np.eye(dim)
    moment = queries.T.astype(np.float64) @ queries / len(queries)
    mean = max(np.trace(moment) / dim, np.finfo(np.float32).tiny)
    values, directions = np.linalg.eigh(moment / mean + RIDGE * np.eye(dim))
    return directions * np.sqrt(values) @ directions.T


def save_stretch(stretch: Array, folder: Path) -> None:
    """Writes it into an existing folder."""
    np.save(folder / STRETCH, stretch, allow_pickle=False)


def load_stretch(folder: Path, dim: int) -> Array:
    """What `save_stretch` wrote, float64 [dim, dim].

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
            f"{file} has the shape {list(stretch.shape)}; [{dim}, {dim}] is wanted. Parts of two bundles were mixed."
        )
    return stretch
