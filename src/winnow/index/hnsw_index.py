"""Approximate search by a graph of neighbours, with FAISS."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from winnow.index.delta_index import DeltaIndex
from winnow.index.exact_index import search_exactly
from winnow.index.faiss_file import read_faiss, write_faiss
from winnow.index.faiss_library import FAISS
from winnow.index.index_card import IndexCard
from winnow.index.nearby import search_nearby, settled
from winnow.schema.column import Array, Bools

FAISS_HNSW = "faiss_hnsw"
LINKS = 32
EF_CONSTRUCTION = 200
TIES_UP_TO = 64
"""Of items with the score of the last place, more than so many times k are not looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HnswIndex:
    """Items linked to their neighbours (HNSW): a search walks from link to link, towards the query.

    No search keeps fewer items in sight than it is asked for, whatever `ef_search` says; where that are all there are,
    all are read.

    Attributes:
        graph: the FAISS object, an inner-product IndexHNSWFlat.
        vectors: float32 [N, D] that it was built from; held, not copied, and read where a mask leaves few.
        ef_search: items that a search keeps in sight.
        recall: as measured when it was built, 0 to 1.

    Source: Malkov and Yashunin, Efficient and robust approximate nearest neighbor search using HNSW graphs, 2018.
    """

    graph: Any
    vectors: Array
    ef_search: int
    recall: float

    @staticmethod
    def build(vectors: Array, ef_search: int, recall: float = 0.0) -> "HnswIndex":
        """Link the vectors, equal input to an equal graph.

        Args:
            vectors: float32 [N, D], finite.
            ef_search: items that a search keeps in sight.
            recall: what is known of it.
        """
        graph = FAISS.IndexHNSWFlat(vectors.shape[1], LINKS, FAISS.METRIC_INNER_PRODUCT)
        graph.hnsw.efConstruction = EF_CONSTRUCTION
        vectors = np.ascontiguousarray(vectors, np.float32)
        graph.add(vectors)  # in one thread: several would link as they happen to come
        return HnswIndex(graph=graph, vectors=vectors, ef_search=ef_search, recall=recall)

    @staticmethod
    def load(folder: Path, card: IndexCard, vectors: Array) -> "HnswIndex":
        """Open what `save` wrote. Raises as `read_faiss` does."""
        graph = read_faiss(folder, card)
        return HnswIndex(graph=graph, vectors=vectors, ef_search=card.parameters["ef_search"], recall=card.recall)

    @property
    def num_items(self) -> int:
        return self.graph.ntotal

    def search(self, queries: Array, k: int, allowed: Bools | None = None) -> tuple[Array, Array]:
        return search_nearby(self, queries, k, allowed)

    def with_items(self, rows: Array, vectors: Array) -> DeltaIndex:
        return DeltaIndex.over(self, self.graph.d).with_items(rows, vectors)

    def without(self, rows: Array) -> DeltaIndex:
        return DeltaIndex.over(self, self.graph.d).without(rows)

    def save(self, folder: Path) -> None:
        """Write `index.json` and the FAISS file; `open_index` reads them back."""
        card = IndexCard(
            kind=FAISS_HNSW,
            num_items=self.num_items,
            embedding_dim=self.graph.d,
            recall=self.recall,
            parameters={"links": LINKS, "ef_construction": EF_CONSTRUCTION, "ef_search": self.ef_search},
        )
        write_faiss(self.graph, folder, card)

    def nearest(self, queries: Array, k: int, allowed: Bools | None, further: float) -> tuple[Array, Array]:
        if max(self.ef_search, k) >= self.num_items:
            return search_exactly(self.vectors, queries, k, allowed)
        selector = None if allowed is None else FAISS.IDSelectorBitmap(np.packbits(allowed, bitorder="little"))
        rows, scores = self._walk(queries, min(k, self.num_items) + 1, selector, further)
        return settled(rows, scores, k, lambda query, score: self._all_from(queries[[query]], k, score, selector))

    def _walk(self, queries: Array, k: int, selector: Any, further: float = 1.0) -> tuple[Array, Array]:
        # The queue stays bounded, as it is by default: FAISS's other one forgets the selector (faiss#5504).
        sight = round(max(self.ef_search, k) * further)
        parameters = FAISS.SearchParametersHNSW(efSearch=sight, bounded_queue=True, sel=selector)
        scores, rows = self.graph.search(queries, k, params=parameters)
        return rows, scores

    def _all_from(self, query: Array, k: int, score: np.float32, selector: Any) -> tuple[Array, Array]:
        """Rows and scores of the items around that reach the score, and some that do not."""
        wider = k
        while True:
            wider = min(4 * wider, self.num_items)
            rows, scores = (each[0] for each in self._walk(query, wider, selector))
            if rows[-1] < 0 or scores[-1] < score or wider >= min(TIES_UP_TO * k, self.num_items):
                return rows, scores
