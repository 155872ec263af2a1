"""Items as they would be without their pictures or words."""

from collections.abc import Collection
from dataclasses import replace

import numpy as np

from winnow.engine.item_vectors import ItemVectors
from winnow.engine.stock import Stock
from winnow.features.feature_arrays import items_at
from winnow.index.exact_index import ExactIndex
from winnow.pipeline.catalogue import Catalogue
from winnow.pipeline.content_neighbours import content_neighbours
from winnow.schema.column import Array, Bools

ROWS_AT_ONCE = 8192
"""Items of which vectors are made together: what is read stays small, however large the catalogue is."""


def hidden_content(stock: Stock, vectors_of: ItemVectors, features: Collection[str], rows: Bools) -> Stock:
    """The same items with the zero vector, which is what a missing one is, for some features of some of them.

    Items that lose something get their vectors anew; the others keep theirs to the last bit. The
    index is built anew and is exact whatever it was, so that stocks with more and less hidden differ in nothing else.

    Args:
        stock: I items; it stays as it is.
        vectors_of: of the bundle.
        features: names of content vectors.
        rows: bool [I], whose.

    Raises:
        ValueError: the catalogue has no content vectors of such a name.
    """
    catalogue = stock.catalogue
    if unknown := [name for name in features if name not in catalogue.vectors]:
        has = ", ".join(catalogue.vectors) or "none"
        raise ValueError(f"The catalogue has no content vectors '{unknown[0]}'; it has: {has}.")
    gone = {name: rows & catalogue.vectors[name].any(axis=1) for name in features}
    vectors = {**catalogue.vectors, **{name: _without(catalogue.vectors[name], each) for name, each in gone.items()}}
    changed = np.flatnonzero(np.any(list(gone.values()), axis=0)) if gone else np.empty(0, np.int64)
    hidden = replace(catalogue, vectors=vectors, known_hashes=catalogue.hashes)
    hidden = replace(hidden, tower=_made_again(hidden, vectors_of, changed), known_hashes=catalogue.hashes)
    similar = stock.similar and content_neighbours(hidden.vectors, len(hidden))
    return replace(stock, catalogue=hidden, index=ExactIndex(vectors=hidden.tower), similar=similar)


def _without(vectors: Array, gone: Bools) -> Array:
    kept = np.zeros(vectors.shape, vectors.dtype)
    np.copyto(kept, vectors, where=~gone[:, None])
    return kept


def _made_again(catalogue: Catalogue, vectors_of: ItemVectors, changed: Array) -> Array:
    vectors = np.array(catalogue.tower)
    for start in range(0, len(changed), ROWS_AT_ONCE):
        rows = changed[start : start + ROWS_AT_ONCE]
        vectors[rows] = vectors_of(items_at(catalogue, rows))
    return vectors
