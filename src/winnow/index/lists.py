"""Which vectors stand together in one list: those that are alike to the queries that come."""

import numpy as np

from winnow.index.faiss_library import FAISS
from winnow.schema.column import Array

SEED = 1234
POINTS_PER_LIST = 64
RIDGE = 1e-3
"""Share of the mean variance that every direction has at least, be there a query in it or not."""


def lists_of(vectors: Array, queries: Array, num_lists: int) -> tuple[Array, Array]:
    """Centroids float32 [L, D], and the list int64 [N] of each vector.

    Queries of real visitors lie in few directions, and vectors that differ in the others are the same to them. So the
    vectors are clustered as the queries see them: stretched by the root of the queries' second moment, in which equal
    distances are about equal differences of inner products. Centroids are brought back to the vectors' own space, in
    which an inner product with a query is what it was.

    Args:
        vectors: float32 [N, D], at least `num_lists`.
        queries: float32 [Q, D], a sample; of none, all directions count the same.
        num_lists: L.

    Source: the idea of a loss that weighs errors by their inner products with queries is that of Guo et al.,
    Accelerating large-scale inference with anisotropic vector quantization, ICML 2020.
    """
    stretch = _root_of_second_moment(queries, vectors.shape[1])
    seen = np.ascontiguousarray(vectors @ stretch, np.float32)
    clusters, nearest = FAISS.Clustering(seen.shape[1], num_lists), FAISS.IndexFlatL2(seen.shape[1])
    clusters.seed = SEED
    clusters.min_points_per_centroid = 1
    clusters.max_points_per_centroid = POINTS_PER_LIST
    clusters.train(seen, nearest)
    _, lists = nearest.search(seen, 1)
    centroids = nearest.reconstruct_n(0, num_lists)
    return np.ascontiguousarray(np.linalg.solve(stretch, centroids.T).T, np.float32), np.ascontiguousarray(lists[:, 0])


def _root_of_second_moment(queries: Array, dim: int) -> Array:
    """Float64 [D, D], symmetric and invertible."""
    if not len(queries):
        return np.eye(dim)
    moment = queries.T.astype(np.float64) @ queries / len(queries)
    mean = max(np.trace(moment) / dim, np.finfo(np.float32).tiny)
    values, directions = np.linalg.eigh(moment / mean + RIDGE * np.eye(dim))
    return directions * np.sqrt(values) @ directions.T
