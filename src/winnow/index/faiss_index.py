"""Approximate search with FAISS, for catalogues that are too large to be scored whole."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from faiss.contrib.ivf_tools import add_preassigned

from winnow.index.delta_index import DeltaIndex
from winnow.index.faiss_file import read_faiss, write_faiss
from winnow.index.faiss_library import FAISS
from winnow.index.index_card import IndexCard
from winnow.index.lists import SEED, lists_of
from winnow.index.nearby import search_nearby, settled
from winnow.schema.column import Array, Bools

FAISS_IVF = "faiss_ivf"


@dataclass(frozen=True, slots=True, kw_only=True)
class FaissIndex:
    """Inverted lists of whole vectors (IVF-Flat): the items near the query's nearest centroids are scored exactly.

    Attributes:
        ivf: the FAISS object, an inner-product IndexIVFFlat.
        vectors: float32 [N, D] that it was built from; held, not copied, and read where a mask leaves few.
        num_probes: lists that are read for each query.
        recall: as measured when it was built, 0 to 1.
        num_items: N; FAISS is not asked again at every search.

    Source: Douze et al., The Faiss library, 2024.
    """

    ivf: Any
    vectors: Array
    num_probes: int
    recall: float
    num_items: int = field(init=False)
    _usual: Any = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "num_items", self.ivf.ntotal)
        object.__setattr__(self, "_usual", FAISS.SearchParametersIVF(nprobe=self.num_probes))

    @staticmethod
    def build(vectors: Array, queries: Array, num_lists: int, num_probes: int, recall: float = 0.0) -> "FaissIndex":
        """Cluster and store the vectors; equal input gives an equal index.

        Args:
            vectors: float32 [N, D], finite, at least `num_lists` of them.
            queries: float32 [Q, D], a sample, for which items are put into lists; as of `lists_of`.
            num_lists: centroids.
            num_probes: lists that are read for each query; all of them make the search exact.
            recall: what is known of it.
        """
        ivf = FAISS.index_factory(vectors.shape[1], f"IVF{num_lists},Flat", FAISS.METRIC_INNER_PRODUCT)
        vectors = np.ascontiguousarray(vectors, np.float32)
        centroids, lists = lists_of(vectors, queries, num_lists)
        ivf.quantizer.add(centroids)
        ivf.is_trained = True
        add_preassigned(ivf, vectors, lists)
        return FaissIndex(ivf=ivf, vectors=vectors, num_probes=num_probes, recall=recall)

    @staticmethod
    def load(folder: Path, card: IndexCard, vectors: Array) -> "FaissIndex":
        """Open what `save` wrote. Raises as `read_faiss` does."""
        ivf = read_faiss(folder, card)
        return FaissIndex(ivf=ivf, vectors=vectors, num_probes=card.parameters["num_probes"], recall=card.recall)

    def search(self, queries: Array, k: int, allowed: Bools | None = None) -> tuple[Array, Array]:
        return search_nearby(self, queries, k, allowed)

    def with_items(self, rows: Array, vectors: Array) -> DeltaIndex:
        return DeltaIndex.over(self, self.ivf.d).with_items(rows, vectors)

    def without(self, rows: Array) -> DeltaIndex:
        return DeltaIndex.over(self, self.ivf.d).without(rows)

    def save(self, folder: Path) -> None:
        """Write `index.json` and the FAISS file; `open_index` reads them back."""
        card = IndexCard(
            kind=FAISS_IVF,
            num_items=self.num_items,
            embedding_dim=self.ivf.d,
            recall=self.recall,
            parameters={"num_lists": self.ivf.nlist, "num_probes": self.num_probes, "seed": SEED},
        )
        write_faiss(self.ivf, folder, card)

    def nearest(self, queries: Array, k: int, allowed: Bools | None, further: float) -> tuple[Array, Array]:
        parameters = self._parameters(allowed, further)
        scores, rows = self.ivf.search(queries, min(k, self.num_items) + 1, params=parameters)
        return settled(rows, scores, k, lambda query, score: self._all_from(queries[query], score, parameters))

    def _parameters(self, allowed: Bools | None, further: float) -> Any:
        if allowed is None and further == 1:
            return self._usual
        selector = None if allowed is None else FAISS.IDSelectorBitmap(np.packbits(allowed, bitorder="little"))
        num_probes = min(self.ivf.nlist, round(self.num_probes * further))
        return FAISS.SearchParametersIVF(nprobe=num_probes, sel=selector)

    def _all_from(self, query: Array, score: np.float32, parameters: Any) -> tuple[Array, Array]:
        """Rows and scores of all probed items that reach the score."""
        below = float(np.nextafter(score, np.float32(-np.inf)))
        _, scores, rows = self.ivf.range_search(query[None], below, params=parameters)
        return rows, scores
