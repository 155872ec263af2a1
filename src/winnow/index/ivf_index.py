"""Approximate search with FAISS, for catalogues that are too large to be scored whole."""

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from faiss.contrib.ivf_tools import add_preassigned

from winnow.index.changing_lists import ChangingLists
from winnow.index.checks import check_change
from winnow.index.exact_index import with_rows, without_rows
from winnow.index.faiss_file import read_faiss, write_faiss
from winnow.index.faiss_library import FAISS, search_lists
from winnow.index.index_card import IndexCard
from winnow.index.lists import SEED, lists_of, nearest_lists
from winnow.index.nearby import search_nearby
from winnow.index.query_space import QuerySpace
from winnow.schema.column import Array, Bools

FAISS_IVF = "faiss_ivf"


@dataclass(frozen=True, slots=True, kw_only=True)
class IvfIndex:
    """Inverted lists of whole vectors (IVF-Flat): the items near the query's nearest centroids are scored exactly.

    A change replaces the lists that it touches, and copies the vectors, unless the catalogue has done so; a search pays
    nothing for it.

    Attributes:
        lists: the FAISS object, an inner-product IndexIVFFlat, and what came in place of some of its lists.
        space: where vectors were put into lists.
        vectors: float32 [N, D] of all that were ever given; held, not copied, and read where a mask leaves few.
        num_probes: lists that are read for each query.
        recall: as measured when it was built, 0 to 1.
        live: bool [N], false for rows that were taken out or never given; None where all are there.

    Source: Douze et al., The Faiss library, 2024.
    """

    lists: ChangingLists
    space: QuerySpace
    vectors: Array
    num_probes: int
    recall: float
    live: Bools | None = None
    _usual: Any = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_usual", FAISS.SearchParametersIVF(nprobe=self._probes(1.0)))

    @staticmethod
    def build(vectors: Array, queries: Array, num_lists: int, num_probes: int, recall: float = 0.0) -> "IvfIndex":
        """Cluster and store the vectors; equal input gives an equal index.

        Args:
            vectors: float32 [N, D], finite, at least `num_lists` of them.
            queries: float32 [Q, D], a sample, for which items are put into lists.
            num_lists: centroids.
            num_probes: lists that are read for each query; all of them make the search exact.
            recall: what is known of it.
        """
        ivf = FAISS.index_factory(vectors.shape[1], f"IVF{num_lists},Flat", FAISS.METRIC_INNER_PRODUCT)
        vectors = np.ascontiguousarray(vectors, np.float32)
        space = QuerySpace.of(queries, vectors.shape[1])
        centroids, lists = lists_of(vectors, space, num_lists)
        ivf.quantizer.add(centroids)
        ivf.is_trained = True
        add_preassigned(ivf, vectors, lists)
        return IvfIndex(lists=ChangingLists.of(ivf), space=space, vectors=vectors, num_probes=num_probes, recall=recall)

    @staticmethod
    def load(folder: Path, card: IndexCard, vectors: Array) -> "IvfIndex":
        """Open what `save` wrote. Raises as `read_faiss` does."""
        return IvfIndex(
            space=QuerySpace.load(folder, card.embedding_dim),
            lists=ChangingLists.of(read_faiss(folder, card)),
            vectors=vectors,
            num_probes=card.parameters["num_probes"],
            recall=card.recall,
        )

    @property
    def num_items(self) -> int:
        return len(self.vectors)

    @property
    def num_lists(self) -> int:
        """Lists that there are."""
        return self.lists.built.nlist

    def search(self, queries: Array, k: int, allowed: Bools | None = None) -> tuple[Array, Array]:
        return search_nearby(self, queries, k, allowed)

    def with_items(self, rows: Array, vectors: Array, whole: Array | None = None) -> "IvfIndex":
        check_change(rows, vectors, self.vectors.shape[1])
        into = nearest_lists(vectors, self.space, self.lists.centroids)
        lists = self.lists.changed(np.empty(0, np.int64), rows, vectors, into)
        made, live = with_rows(self.vectors, self.live, rows, vectors, whole)
        return replace(self, lists=lists, vectors=made, live=live)

    def without(self, rows: Array) -> "IvfIndex":
        live, none = without_rows(self.num_items, self.live, rows), np.empty(0, np.int64)
        gone = rows[(rows >= 0) & (rows < self.num_items)]
        lists = self.lists.changed(gone, none, np.empty((0, self.vectors.shape[1]), np.float32), none)
        return replace(self, lists=lists, live=live)

    def save(self, folder: Path) -> None:
        """Write `index.json`, the FAISS file and the stretch; `open_index` reads them back.

        Raises:
            ValueError: it has changed since it was built.
        """
        if len(self.lists.numbers):
            raise ValueError("The index has changed since it was built, and its lists hold what was; build it anew.")
        card = IndexCard(
            kind=FAISS_IVF,
            num_items=self.num_items,
            embedding_dim=self.vectors.shape[1],
            recall=self.recall,
            parameters={"num_lists": self.num_lists, "num_probes": self.num_probes, "seed": SEED},
        )
        self.space.save(folder)
        write_faiss(self.lists.built, folder, card)

    def nearest(self, queries: Array, num: int, allowed: Bools | None, further: float) -> tuple[Array, Array]:
        return search_lists(self.lists.unordered, queries, num, self._reading(allowed, further))

    def reaching(
        self, query: Array, num: int, allowed: Bools | None, further: float, score: np.float32
    ) -> tuple[Array, Array]:
        below = float(np.nextafter(score, np.float32(-np.inf)))
        _, scores, rows = self.lists.ivf.range_search(query, below, params=self._reading(allowed, further))
        return rows, scores

    def _reading(self, allowed: Bools | None, further: float) -> Any:
        """For FAISS: which lists are read, and what of them."""
        if allowed is None and further == 1:
            return self._usual
        selector = None if allowed is None else FAISS.IDSelectorBitmap(np.packbits(allowed, bitorder="little"))
        return FAISS.SearchParametersIVF(nprobe=self._probes(further), sel=selector)

    def _probes(self, further: float) -> int:
        # The fewer are left in the lists, the more lists hold as many.
        left = 1.0 if self.live is None else np.count_nonzero(self.live) / len(self.live)
        return min(self.num_lists, round(self.num_probes * further / max(left, 1 / self.num_lists)))
