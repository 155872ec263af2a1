"""Approximate search by a graph of neighbours, with FAISS."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from winnow.index.delta_index import DeltaIndex
from winnow.index.exact_index import search_exactly
from winnow.index.faiss_file import read_faiss, write_faiss
from winnow.index.faiss_library import FAISS, one_thread
from winnow.index.index_card import IndexCard
from winnow.index.nearby import search_nearby
from winnow.index.query_space import load_stretch, save_stretch, stretch_for
from winnow.schema.column import Array, Bools

FAISS_HNSW = "faiss_hnsw"
LINKS = 32
EF_CONSTRUCTION = 200
TIES_UP_TO = 64
"""Of items with the score of the last place, more than so many times as were wanted are not looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HnswIndex:
    """Items linked to their neighbours (HNSW): a search walks from link to link, towards the query.

    Neighbours are near each other as queries see them, with one more coordinate that brings all vectors to one length:
    so the nearest by distance are those of the largest inner products.

    No search keeps fewer items in sight than it is asked for, whatever `ef_search` says; where that are all there are,
    all are read.

    Attributes:
        graph: the FAISS object, an IndexHNSWFlat of width D + 1, by distance.
        stretch: float64 [D, D], takes vectors to where the graph is.
        vectors: float32 [N, D] that it was built from; held, not copied, and read where a mask leaves few.
        ef_search: items that a search keeps in sight.
        recall: as measured when it was built, 0 to 1.

    Sources: Malkov and Yashunin, Efficient and robust approximate nearest neighbor search using HNSW graphs, 2018;
    Bachrach et al., Speeding up the Xbox recommender system using a Euclidean transformation for inner-product spaces,
    RecSys 2014.
    """

    graph: Any
    stretch: Array
    vectors: Array
    ef_search: int
    recall: float
    _for_queries: Array = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_for_queries", np.linalg.inv(self.stretch))

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
        stretch = stretch_for(queries, dim)
        graph = FAISS.IndexHNSWFlat(dim + 1, LINKS)
        graph.hnsw.efConstruction = EF_CONSTRUCTION
        with one_thread():  # several would link as they happen to come
            graph.add(_of_one_length(vectors @ stretch))
        return HnswIndex(graph=graph, stretch=stretch, vectors=vectors, ef_search=ef_search, recall=recall)

    @staticmethod
    def load(folder: Path, card: IndexCard, vectors: Array) -> "HnswIndex":
        """Open what `save` wrote. Raises as `read_faiss` does."""
        return HnswIndex(
            stretch=load_stretch(folder, card.embedding_dim),
            graph=read_faiss(folder, card, more=1),
            vectors=vectors,
            ef_search=card.parameters["ef_search"],
            recall=card.recall,
        )

    @property
    def num_items(self) -> int:
        return self.graph.ntotal

    @property
    def live(self) -> None:
        """Changes lie beside the graph, so all of its rows are there."""
        return None

    def search(self, queries: Array, k: int, allowed: Bools | None = None) -> tuple[Array, Array]:
        return search_nearby(self, queries, k, allowed)

    def with_items(self, rows: Array, vectors: Array, whole: Array | None = None) -> DeltaIndex:
        return DeltaIndex.over(self, self.vectors.shape[1]).with_items(rows, vectors, whole)

    def without(self, rows: Array) -> DeltaIndex:
        return DeltaIndex.over(self, self.vectors.shape[1]).without(rows)

    def save(self, folder: Path) -> None:
        """Write `index.json`, the FAISS file and the way to it; `open_index` reads them back."""
        card = IndexCard(
            kind=FAISS_HNSW,
            num_items=self.num_items,
            embedding_dim=self.vectors.shape[1],
            recall=self.recall,
            parameters={"links": LINKS, "ef_construction": EF_CONSTRUCTION, "ef_search": self.ef_search},
        )
        save_stretch(self.stretch, folder)
        write_faiss(self.graph, folder, card)

    def nearest(self, queries: Array, num: int, allowed: Bools | None, further: float) -> tuple[Array, Array]:
        if max(self.ef_search, num) >= self.num_items or not np.isfinite(queries).all():
            return search_exactly(self.vectors, queries, num, allowed)
        selector = None if allowed is None else FAISS.IDSelectorBitmap(np.packbits(allowed, bitorder="little"))
        # The queue stays bounded, as it is by default: FAISS's other one forgets the selector (faiss#5504).
        sight = round(max(self.ef_search, num) * further)
        parameters = FAISS.SearchParametersHNSW(efSearch=sight, bounded_queue=True, sel=selector)
        _, rows = self.graph.search(self.seen(queries), num, params=parameters)
        # `einsum` sums each row alike, so that equal vectors have equal scores; a matrix product does not.
        scores = np.stack(
            [np.einsum("kd,d->k", self.vectors[each], query) for each, query in zip(rows, queries, strict=True)]
        )
        scores[rows < 0] = -np.inf
        order = np.argsort(-scores, axis=1, kind="stable")
        return np.take_along_axis(rows, order, axis=1), np.take_along_axis(scores, order, axis=1)

    def reaching(
        self, query: Array, num: int, allowed: Bools | None, further: float, score: np.float32
    ) -> tuple[Array, Array]:
        most = min(TIES_UP_TO * num, self.num_items)
        while True:
            num = min(4 * num, self.num_items)
            rows, scores = (each[0] for each in self.nearest(query, num, allowed, further))
            if rows[-1] < 0 or scores[-1] < score or num >= most:
                return rows, scores

    def seen(self, queries: Array) -> Array:
        """Float32 [B, D + 1], where the queries [B, D] stand in the graph; how long they are makes no difference."""
        there = queries.astype(np.float64) @ self._for_queries
        longest = np.abs(there).max(axis=1, keepdims=True)
        there /= np.where(longest > 0, longest, 1)
        return np.pad(there, ((0, 0), (0, 1))).astype(np.float32)


def _of_one_length(vectors: Array) -> Array:
    """Float32 [N, D + 1]: one more coordinate makes all as long as the longest."""
    squared = np.square(vectors, dtype=np.float64).sum(axis=1)
    more = np.sqrt(squared.max(initial=0.0) - squared)
    return np.concatenate((vectors, more[:, None]), axis=1).astype(np.float32)
