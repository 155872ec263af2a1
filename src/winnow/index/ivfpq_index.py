"""Approximate search in coded vectors with FAISS, for catalogues of which a search would have to read too much."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from faiss.contrib.ivf_tools import add_preassigned

from winnow.index.built_index import BuiltIndex
from winnow.index.checks import all_finite
from winnow.index.exact_index import search_exactly
from winnow.index.faiss_file import read_faiss, write_faiss
from winnow.index.faiss_library import FAISS
from winnow.index.index_card import IndexCard
from winnow.index.lists import SEED, lists_of
from winnow.index.nearby import best_of_met
from winnow.index.query_space import QuerySpace
from winnow.schema.column import Array, Bools

FAISS_IVFPQ = "faiss_ivfpq"
BITS = 4
BLOCK = 32
"""Vectors whose codes FAISS compares with one instruction."""
LEVELS_FROM = 65_536
"""Vectors from which the levels are learned."""
MET_FOR_ONE = 2.5
"""Items that a search takes from the lists, for each that is wanted: codes only say which of them may be the best."""
LIST_BY_LIST = 11
"""FAISS's way for one query that wants many items; the one that it takes by itself is slower by 10 to 40 us."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IvfPqIndex(BuiltIndex):
    """Inverted lists of coded vectors (IVF-PQ): what the codes near the query's nearest centroids favour is scored.

    A code tells, of each number of a vector less its centroid, as queries see it, which of 16 levels it is near.

    Attributes:
        lists: the FAISS object, an inner-product IndexIVFPQFastScan.
        space: where lists and codes are made.
        vectors: float32 [N, D] that it was built from; held, not copied, and read for all that may be the best.
        num_probes: lists that are read for each query.
        recall: as measured when it was built, 0 to 1.

    Sources: Jégou et al., Product quantization for nearest neighbor search, 2011; André et al., Quicker ADC: unlocking
    the hidden potential of product quantization with SIMD, 2021.
    """

    lists: Any
    space: QuerySpace
    vectors: Array
    num_probes: int
    recall: float
    _usual: Any = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        self.lists.implem = LIST_BY_LIST
        object.__setattr__(self, "_usual", FAISS.SearchParametersIVF(nprobe=self.num_probes))

    @staticmethod
    def build(vectors: Array, queries: Array, num_lists: int, num_probes: int, recall: float = 0.0) -> "IvfPqIndex":
        """Cluster and code the vectors; equal input gives an equal index.

        Args:
            vectors: float32 [N, D], finite, at least `num_lists` of them.
            queries: float32 [Q, D], a sample, for which items are put into lists.
            num_lists: centroids.
            num_probes: lists that are read for each query.
            recall: what is known of it.
        """
        vectors = np.ascontiguousarray(vectors, np.float32)
        space = QuerySpace.of(queries, vectors.shape[1])
        centroids, lists = lists_of(vectors, space, num_lists)
        coded = _coded(space.seen(vectors), space.seen(centroids), lists)
        return IvfPqIndex(lists=coded, space=space, vectors=vectors, num_probes=num_probes, recall=recall)

    @staticmethod
    def load(folder: Path, card: IndexCard, vectors: Array) -> "IvfPqIndex":
        """Open what `save` wrote. Raises as `read_faiss` does."""
        return IvfPqIndex(
            lists=read_faiss(folder, card, coded=True),
            space=QuerySpace.load(folder, card.embedding_dim),
            vectors=vectors,
            num_probes=card.parameters["num_probes"],
            recall=card.recall,
        )

    @property
    def num_lists(self) -> int:
        """Lists that there are."""
        return self.lists.nlist

    def save(self, folder: Path) -> None:
        """Write `index.json`, the FAISS file and the stretch; `open_index` reads them back."""
        card = IndexCard(
            kind=FAISS_IVFPQ,
            num_items=self.num_items,
            embedding_dim=self.vectors.shape[1],
            recall=self.recall,
            parameters={"num_lists": self.num_lists, "num_probes": self.num_probes, "bits": BITS, "seed": SEED},
        )
        self.space.save(folder)
        write_faiss(self.lists, folder, card)

    def nearest(self, queries: Array, num: int, allowed: Bools | None, further: float) -> tuple[Array, Array]:
        met = int(MET_FOR_ONE * num)
        if met >= self.num_items or not all_finite(queries):
            return search_exactly(self.vectors, queries, num, allowed)
        _, rows = self.lists.search(self.space.asked(queries), met, params=self._reading(allowed, further))
        return best_of_met(self.vectors, queries, rows, num)

    def _reading(self, allowed: Bools | None, further: float) -> Any:
        """For FAISS: how many lists are read, and what of them."""
        if allowed is None and further == 1:
            return self._usual
        selector = None if allowed is None else FAISS.IDSelectorBitmap(np.packbits(allowed, bitorder="little"))
        return FAISS.SearchParametersIVF(nprobe=min(self.num_lists, round(self.num_probes * further)), sel=selector)


def _coded(vectors: Array, centroids: Array, lists: Array) -> Any:
    """The IndexIVFPQFastScan of vectors [N, D] that are in lists [N] of centroids [L, D]."""
    (num_lists, dim), size = centroids.shape, len(vectors)
    # In half precision: all of them are read in each search, and a million items have 1.3 MB of them in floats.
    quantizer = FAISS.IndexScalarQuantizer(dim, FAISS.ScalarQuantizer.QT_fp16, FAISS.METRIC_INNER_PRODUCT)
    quantizer.train(centroids)
    quantizer.add(centroids)
    plain = FAISS.IndexIVFPQ(quantizer, dim, num_lists, dim, BITS, FAISS.METRIC_INNER_PRODUCT)
    plain.by_residual = True  # whole vectors of one list differ too little for so few levels
    plain.pq.cp.seed, plain.pq.cp.min_points_per_centroid = SEED, 1
    some = np.arange(max(size, 1 << BITS)) % size if size < LEVELS_FROM else np.arange(0, size, size // LEVELS_FROM)
    plain.pq.train(np.ascontiguousarray(vectors[some] - centroids[lists[some]]))
    plain.is_trained = True
    add_preassigned(plain, vectors, lists)
    packed = FAISS.IndexIVFPQFastScan(plain, BLOCK)
    packed.referenced_objects = [quantizer]  # FAISS only points to it
    return packed
