"""Which vectors stand together in one list: those that are alike to the queries that come."""

import numpy as np

from winnow.index.faiss_library import FAISS
from winnow.index.query_space import QuerySpace
from winnow.schema.column import Array

SEED = 1234
POINTS_PER_LIST = 64


def lists_of(vectors: Array, space: QuerySpace, num_lists: int) -> tuple[Array, Array]:
    """Centroids float32 [L, D], and the list int64 [N] of each vector.

    The vectors are clustered as queries see them. Centroids are brought back to the vectors' own space, in which an
    inner product with a query is what it was.

    Args:
        vectors: float32 [N, D], at least `num_lists`.
        space: of the queries.
        num_lists: L.
    """
    seen = space.seen(vectors)
    clusters, nearest = FAISS.Clustering(seen.shape[1], num_lists), FAISS.IndexFlatL2(seen.shape[1])
    clusters.seed = SEED
    clusters.min_points_per_centroid = 1
    clusters.max_points_per_centroid = POINTS_PER_LIST
    clusters.train(seen, nearest)
    _, lists = nearest.search(seen, 1)
    centroids = nearest.reconstruct_n(0, num_lists)
    return space.unseen(centroids), np.ascontiguousarray(lists[:, 0])


def nearest_lists(vectors: Array, space: QuerySpace, centroids: Array) -> Array:
    """int64 [N], the lists into which `lists_of` would have put the vectors [N, D]."""
    nearest = FAISS.IndexFlatL2(centroids.shape[1])
    nearest.add(space.seen(centroids))
    return nearest.search(space.seen(vectors), 1)[1][:, 0]
