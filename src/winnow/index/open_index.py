"""Any saved index, opened."""

from pathlib import Path

from winnow.index.exact_index import EXACT, ExactIndex
from winnow.index.faiss_index import FAISS_IVF, FaissIndex
from winnow.index.index import Index
from winnow.index.index_card import IndexCard
from winnow.schema.column import Array
from winnow.schema.errors import BundleError


def open_index(folder: Path, vectors: Array) -> Index:
    """Open what an index saved.

    Args:
        folder: where it was saved.
        vectors: float32 [N, D], the vectors that it was built from; an exact index searches this very array.

    Raises:
        BundleError: files are missing, damaged or of a newer kind, or the vectors are not those of the index.
    """
    card = IndexCard.load(folder)
    if vectors.shape != (card.num_items, card.embedding_dim):
        raise BundleError(
            f"The index in {folder} was built from {card.num_items} vectors of width {card.embedding_dim}; the "
            f"catalogue's have the shape {list(vectors.shape)}. Parts of two bundles were mixed."
        )
    if card.kind == EXACT:
        return ExactIndex(vectors=vectors)
    if card.kind == FAISS_IVF:
        return FaissIndex.load(folder, card)
    raise BundleError(
        f"The index in {folder} is of the kind '{card.kind}'; this program knows '{EXACT}' and '{FAISS_IVF}'. "
        "It was written by a newer one."
    )
