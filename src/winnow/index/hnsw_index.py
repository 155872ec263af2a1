"""Approximate search by a graph of neighbours, with FAISS."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from winnow.index.built_index import BuiltIndex
from winnow.index.checks import all_finite
from winnow.index.exact_index import search_exactly
from winnow.index.faiss_file import read_faiss, write_faiss
from winnow.index.faiss_library import FAISS, one_thread
from winnow.index.index_card import IndexCard
from winnow.index.nearby import best_of_met
from winnow.index.query_space import QuerySpace
from winnow.schema.column import Array, Bools

FAISS_HNSW = "faiss_hnsw"
LINKS = 32
EF_CONSTRUCTION = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class HnswIndex(BuiltIndex):
    """Items linked to their neighbours (HNSW): a search walks from link to link, towards the query.

    Neighbours are near each other as queries see them, with one more coordinate that brings all vectors to one length:
    so the nearest by distance are those of the largest inner products.

    No search keeps fewer items in sight than it is asked for, whatever `ef_search` says; where that are all there are,
    all are read.

    Attributes:
        graph: the FAISS object, an IndexHNSWFlat of width D + 1, by distance.
        space: where the graph is.
        vectors: float32 [N, D] that it was built from; held, not copied, and read where a mask leaves few.
        ef_search: items that a search keeps in sight.
        recall: as measured when it was built, 0 to 1.

    Sources: Malkov and Yashunin, Efficient and robust approximate nearest neighbor search using HNSW graphs, 2018;
    Bachrach et al., Speeding up the Xbox recommender system using a Euclidean transformation for inner-product spaces,
    RecSys 2014.
    """

    graph: Any
    space: QuerySpace
    vectors: Array
    ef_search: int
    recall: float

    @staticmethod
    def build(vectors: Array, queries: Array, ef_search: int, recall: float = 0.0) -> "HnswIndex":
        """Link the vectors, equal input to an equal graph.

        Args:
            vectors: float32 [N, D], finite.
            queries: float32 [Q, D], a sample, for which they are linked.
            ef_search: items that a search keeps in sight.
            recall: what is known of it.
        """
        vectors = np.ascontiguousarray(vectors, np.float32)
        dim = vectors.shape[1]
        space = QuerySpace.of(queries, dim)
        graph = FAISS.IndexHNSWFlat(dim + 1, LINKS)
        graph.hnsw.efConstruction = EF_CONSTRUCTION
        with one_thread():  # several would link as they happen to come
            graph.add(_of_one_length(space.seen(vectors)))
        return HnswIndex(graph=graph, space=space, vectors=vectors, ef_search=ef_search, recall=recall)

    @staticmethod
    def load(folder: Path, card: IndexCard, vectors: Array) -> "HnswIndex":
        """Open what `save` wrote. Raises as `read_faiss` does."""
        return HnswIndex(
            space=QuerySpace.load(folder, card.embedding_dim),
            graph=read_faiss(folder, card, more=1),
            vectors=vectors,
            ef_search=card.parameters["ef_search"],
            recall=card.recall,
        )

    def save(self, folder: Path) -> None:
        """Write `index.json`, the FAISS file and the way to it; `open_index` reads them back."""
        card = IndexCard(
            kind=FAISS_HNSW,
            num_items=self.num_items,
            embedding_dim=self.vectors.shape[1],
            recall=self.recall,
            parameters={"links": LINKS, "ef_construction": EF_CONSTRUCTION, "ef_search": self.ef_search},
        )
        self.space.save(folder)
        write_faiss(self.graph, folder, card)

    def nearest(self, queries: Array, num: int, allowed: Bools | None, further: float) -> tuple[Array, Array]:
        if max(self.ef_search, num) >= self.num_items or not all_finite(queries):
            return search_exactly(self.vectors, queries, num, allowed)
        selector = None if allowed is None else FAISS.IDSelectorBitmap(np.packbits(allowed, bitorder="little"))
        # The queue stays bounded, as it is by default: FAISS's other one forgets the selector (faiss#5504).
        sight = round(max(self.ef_search, num) * further)
        parameters = FAISS.SearchParametersHNSW(efSearch=sight, bounded_queue=True, sel=selector)
        _, rows = self.graph.search(self.seen(queries), num, params=parameters)
        return best_of_met(self.vectors, queries, rows, num)

    def seen(self, queries: Array) -> Array:
        """Float32 [B, D + 1], where the queries [B, D] stand in the graph; how long they are makes no difference."""
        longest = np.abs(queries).max(axis=1, keepdims=True)
        return np.pad(self.space.asked(queries / np.where(longest > 0, longest, 1)), ((0, 0), (0, 1)))


def _of_one_length(vectors: Array) -> Array:
    """Float32 [N, D + 1]: one more coordinate makes all as long as the longest."""
    squared = np.square(vectors, dtype=np.float64).sum(axis=1)
    more = np.sqrt(squared.max(initial=0.0) - squared)
    return np.concatenate((vectors, more[:, None]), axis=1).astype(np.float32)
