"""A FAISS index as a file beside its card."""

from pathlib import Path
from typing import Any

import numpy as np

from winnow.index.faiss_library import FAISS, over_bytes
from winnow.index.index_card import IndexCard
from winnow.schema.errors import BundleError

FILE_NAME = "index.faiss"


def write_faiss(index: Any, folder: Path, card: IndexCard) -> None:
    """Writes both into an existing folder."""
    FAISS.write_index(index, str(folder / FILE_NAME))
    card.save(folder)


def read_faiss(folder: Path, card: IndexCard, *, more: int = 0, coded: bool = False) -> Any:
    """The FAISS object.

    Args:
        folder: where it was written.
        card: that it must be of.
        more: columns that it has beyond those of the vectors.
        coded: it holds codes, which FAISS packs into memory of its own; so the file need not stay in memory.

    Raises:
        BundleError: the file is missing, damaged, or of another shape than the card says.
    """
    path = folder / FILE_NAME
    try:
        index = FAISS.read_index(str(path)) if coded else over_bytes(np.fromfile(path, np.uint8))
    except (OSError, RuntimeError) as error:
        raise BundleError(f"{path} cannot be read by FAISS; build the bundle again. It says: {error}") from error
    if (index.ntotal, index.d - more) != (card.num_items, card.embedding_dim):
        raise BundleError(
            f"{path} holds {index.ntotal} vectors of width {index.d - more}; its card says {card.num_items} of width "
            f"{card.embedding_dim}. Parts of two bundles were mixed."
        )
    return index
