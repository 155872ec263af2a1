"""Any saved index, opened."""

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from winnow.index.exact_index import EXACT, ExactIndex
from winnow.index.hnsw_index import FAISS_HNSW, HnswIndex
from winnow.index.index import Index
from winnow.index.index_card import IndexCard
from winnow.index.ivf_index import FAISS_IVF, IvfIndex
from winnow.index.ivfpq_index import FAISS_IVFPQ, IvfPqIndex
from winnow.index.recall import too_little
from winnow.schema.column import Array
from winnow.schema.errors import BundleError

LOADERS: Mapping[str, Callable[[Path, IndexCard, Array], Index]] = MappingProxyType(
    {
        EXACT: lambda _, __, vectors: ExactIndex(vectors=vectors),
        FAISS_IVF: IvfIndex.load,
        FAISS_IVFPQ: IvfPqIndex.load,
        FAISS_HNSW: HnswIndex.load,
    }
)


def open_index(folder: Path, vectors: Array, recall_floor: float = 0.0) -> Index:
    """Open what an index saved.

    Args:
        folder: where it was saved.
        vectors: float32 [N, D], the vectors that it was built from; an exact index searches this very array.
        recall_floor: least recall, as measured when it was built, with which it is opened.

    Raises:
        BundleError: files are missing, damaged or of a newer kind, the vectors are not those of the index, or its
            recall is below the floor.
    """
    card = IndexCard.load(folder)
    if vectors.shape != (card.num_items, card.embedding_dim):
        raise BundleError(
            f"The index in {folder} was built from {card.num_items} vectors of width {card.embedding_dim}; the "
            f"catalogue's have the shape {list(vectors.shape)}. Parts of two bundles were mixed."
        )
    if card.recall < recall_floor:
        raise BundleError(f"{folder}: {too_little(card.kind, card.recall, recall_floor)}")
    if card.kind not in LOADERS:
        raise BundleError(
            f"The index in {folder} is of the kind '{card.kind}'; this program knows: {', '.join(LOADERS)}. "
            "It was written by a newer one."
        )
    return LOADERS[card.kind](folder, card, vectors)
