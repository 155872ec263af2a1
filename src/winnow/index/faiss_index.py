"""Approximate search with FAISS, for catalogues that are too large to be scored whole."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import faiss
import numpy as np

from winnow.index.best_rows import best_of_rows
from winnow.index.delta_index import DeltaIndex
from winnow.index.index_card import IndexCard
from winnow.schema.column import Array, Bools
from winnow.schema.errors import BundleError

FAISS_IVF = "faiss_ivf"
FILE_NAME = "index.faiss"
SEED = 1234
POINTS_PER_LIST = 64
# SWIG declares the C++ signatures; those of the Python layer above are what is called here.
FAISS: Any = faiss
# A server answers single queries in several workers, and threads inside one search only get in their way: FAISS keeps
# its threads for building. The setting is one for the whole process.
BUILD_THREADS: int = FAISS.omp_get_max_threads()
FAISS.omp_set_num_threads(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class FaissIndex:
    """Inverted lists of whole vectors (IVF-Flat): the items near the query's nearest centroids are scored exactly.

    Attributes:
        ivf: the FAISS object, an inner-product IndexIVFFlat.
        num_probes: lists that are read for each query.
        recall: as measured when it was built, 0 to 1.

    Source: Douze et al., The Faiss library, 2024.
    """

    ivf: Any
    num_probes: int
    recall: float

    @staticmethod
    def build(vectors: Array, num_lists: int, num_probes: int, recall: float = 0.0) -> "FaissIndex":
        """Cluster and store the vectors; equal input gives an equal index.

        Args:
            vectors: float32 [N, D], finite, at least `num_lists` of them.
            num_lists: centroids.
            num_probes: lists that are read for each query; all of them make the search exact.
            recall: what is known of it.
        """
        ivf = FAISS.index_factory(vectors.shape[1], f"IVF{num_lists},Flat", FAISS.METRIC_INNER_PRODUCT)
        ivf.cp.seed = SEED
        ivf.cp.min_points_per_centroid = 1
        ivf.cp.max_points_per_centroid = POINTS_PER_LIST
        vectors = np.ascontiguousarray(vectors, np.float32)
        FAISS.omp_set_num_threads(BUILD_THREADS)
        try:
            ivf.train(vectors)
            ivf.add(vectors)
        finally:
            FAISS.omp_set_num_threads(1)
        return FaissIndex(ivf=ivf, num_probes=num_probes, recall=recall)

    @staticmethod
    def load(folder: Path, card: IndexCard) -> "FaissIndex":
        """Open what `save` wrote.

        Raises:
            BundleError: the file is missing, damaged, or of another shape than the card says.
        """
        path = folder / FILE_NAME
        try:
            ivf = FAISS.read_index(str(path))
        except RuntimeError as error:
            raise BundleError(f"{path} cannot be read by FAISS; build the bundle again. It says: {error}") from error
        if (ivf.ntotal, ivf.d) != (card.num_items, card.embedding_dim):
            raise BundleError(
                f"{path} holds {ivf.ntotal} vectors of width {ivf.d}; its card says {card.num_items} of width "
                f"{card.embedding_dim}. Parts of two bundles were mixed."
            )
        return FaissIndex(ivf=ivf, num_probes=card.parameters["num_probes"], recall=card.recall)

    @property
    def num_items(self) -> int:
        return self.ivf.ntotal

    def search(self, queries: Array, k: int, allowed: Bools | None = None) -> tuple[Array, Array]:
        rows = np.full((len(queries), k), -1, np.int64)
        scores = np.full((len(queries), k), -np.inf, np.float32)
        if not len(queries) or not k:
            return rows, scores
        queries = np.ascontiguousarray(queries, np.float32)
        parameters = self._parameters(allowed)
        # One more than asked for shows whether the last place is shared.
        found_scores, found = self.ivf.search(queries, min(k, self.num_items) + 1, params=parameters)
        found_scores[found < 0] = -np.inf
        for query in range(len(queries)):
            best, best_scores = found[query], found_scores[query]
            if best[-1] >= 0 and best_scores[-1] == best_scores[-2]:
                best, best_scores = self._all_from(queries[query], best_scores[-1], parameters)
            best, best_scores = best_of_rows(best, best_scores, k)
            rows[query, : len(best)] = best
            scores[query, : len(best)] = best_scores
        return rows, scores

    def with_items(self, rows: Array, vectors: Array) -> DeltaIndex:
        return DeltaIndex.over(self, self.ivf.d).with_items(rows, vectors)

    def without(self, rows: Array) -> DeltaIndex:
        return DeltaIndex.over(self, self.ivf.d).without(rows)

    def save(self, folder: Path) -> None:
        """Write `index.json` and the FAISS file; `open_index` reads them back."""
        FAISS.write_index(self.ivf, str(folder / FILE_NAME))
        IndexCard(
            kind=FAISS_IVF,
            num_items=self.num_items,
            embedding_dim=self.ivf.d,
            recall=self.recall,
            parameters={"num_lists": self.ivf.nlist, "num_probes": self.num_probes, "seed": SEED},
        ).save(folder)

    def _parameters(self, allowed: Bools | None) -> Any:
        if allowed is None:
            return FAISS.SearchParametersIVF(nprobe=self.num_probes)
        selector = FAISS.IDSelectorBitmap(np.packbits(allowed, bitorder="little"))
        return FAISS.SearchParametersIVF(nprobe=self.num_probes, sel=selector)

    def _all_from(self, query: Array, threshold: np.float32, parameters: Any) -> tuple[Array, Array]:
        """Rows and scores of all probed items that reach the threshold; FAISS keeps any of those that share a place."""
        below = float(np.nextafter(threshold, np.float32(-np.inf)))
        _, scores, rows = self.ivf.range_search(query[None], below, params=parameters)
        return rows, scores
