"""Items that are like one item: by behaviour, by any of its content vectors, or by a mix."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from winnow.index.best_rows import best_rows
from winnow.pipeline.catalogue import Catalogue
from winnow.schema.column import Array, Floats
from winnow.schema.errors import RequestError

BEHAVIOUR = "behaviour"
"""Likeness of the item-tower vectors: of what the same visitors want. A content vector of that name is not reached."""
DECIMALS = 6
"""Of a cosine. A product of matrices sums a row in an order that depends on where the row stands, so that the cosines
of two equal items may differ in the eighth decimal, which must not rank them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SimilarItems:
    """Items like one item, best first, ties by row.

    Attributes:
        item_rows: int64 [M], catalogue rows; neither the item itself nor one that may not be recommended.
        scores: float32 [M] in -1..1, the weighted mean of the cosines.
        cosines: by part, float32 [M] in -1..1; 0 where the item lacks the part.
        shares: by part, its weight in the score; they add up to 1.
        missing: parts that were asked for and did not count, because the item itself lacks them.
    """

    item_rows: Array
    scores: Floats
    cosines: Mapping[str, Floats]
    shares: Mapping[str, float]
    missing: tuple[str, ...]


def vectors_by_part(catalogue: Catalogue) -> dict[str, Array]:
    """What items can be compared by: float32 [I, W] vectors by part, zero where an item lacks it, `behaviour` first."""
    content = {name: vectors for name, vectors in catalogue.vectors.items() if name != BEHAVIOUR}
    return {BEHAVIOUR: catalogue.tower, **content}


def similar_items(catalogue: Catalogue, row: int, weights: Mapping[str, float], k: int) -> SimilarItems:
    """The k items that are most like the item of a row.

    Every matrix of the mix is passed over once; beside it live a few float32 [I], never a copy of the matrix. Where the
    item itself lacks a part, the others share its weight in proportion to theirs.

    Args:
        catalogue: the items.
        row: of the item, withdrawn or not.
        weights: by part, finite and >= 0, not all 0.
        k: items wanted, >= 0; fewer come only when fewer may be recommended.

    Raises:
        RequestError: there is no such part, a weight is out of range, or the item lacks all that has a weight.
    """
    vectors = vectors_by_part(catalogue)
    _check(weights, vectors)
    missing = tuple(name for name in weights if not vectors[name][row].any())
    shares = _shares({name: weight for name, weight in weights.items() if name not in missing})
    if not shares:
        raise RequestError(_nothing_to_compare(catalogue.item_ids[row], weights, _parts_of(vectors, row)))
    cosines = {name: _cosines(vectors[name], row) for name in shares}
    scores = _mean(cosines, shares)
    best = best_rows(_only_others(catalogue, row, scores), k)
    return SimilarItems(
        item_rows=best,
        scores=scores[best],
        cosines={name: line[best] for name, line in cosines.items()},
        shares=shares,
        missing=missing,
    )


def _check(weights: Mapping[str, float], parts: Mapping[str, Array]) -> None:
    for name, weight in weights.items():
        if name not in parts:
            raise RequestError(f"Items cannot be compared by '{name[:60]}'; they can by: {', '.join(parts)}.")
        if not (math.isfinite(weight) and weight >= 0):
            raise RequestError(f"The weight of '{name}' is {weight}; a weight is a number of 0 or more.")
    if not any(weights.values()):
        raise RequestError("No part has a weight above 0; give one to at least one part.")


def _shares(weights: Mapping[str, float]) -> dict[str, float]:
    """Weights that add up to 1; nothing when none is above 0."""
    largest = max(weights.values(), default=0.0)
    if not largest:
        return {}
    # By the largest first: the sum of weights may be more than a float can hold.
    relative = {name: weight / largest for name, weight in weights.items()}
    total = sum(relative.values())
    return {name: weight / total for name, weight in relative.items()}


def _parts_of(vectors: Mapping[str, Array], row: int) -> list[str]:
    return [name for name, matrix in vectors.items() if matrix[row].any()]


def _nothing_to_compare(item_id: str, weights: Mapping[str, float], parts: list[str]) -> str:
    asked = " and no ".join(f"'{name}'" for name, weight in weights.items() if weight > 0)
    other = f"ask by what it has: {', '.join(parts)}" if parts else "it has nothing else either"
    return f"The item '{item_id[:60]}' has no {asked}, so that nothing can be like it in that; {other}."


def _cosines(vectors: Array, row: int) -> Floats:
    """Float32 [I], 0 to what is missing."""
    cosines: Floats = vectors @ vectors[row]
    lengths = np.sqrt(np.einsum("id,id->i", vectors, vectors))
    np.divide(cosines, lengths * lengths[row], out=cosines, where=lengths > 0)
    np.clip(cosines, -1, 1, out=cosines)
    np.round(cosines, DECIMALS, out=cosines)
    return cosines


def _mean(cosines: Mapping[str, Floats], shares: Mapping[str, float]) -> Floats:
    """Float32 [I], in memory of its own."""
    lines = iter(cosines.items())
    name, line = next(lines)
    mean = line * np.float32(shares[name])
    for name, line in lines:
        mean += line * np.float32(shares[name])
    return mean


def _only_others(catalogue: Catalogue, row: int, scores: Floats) -> Floats:
    """The scores, changed in place: -inf for the item itself and for what may not be recommended."""
    scores[row] = -np.inf
    if not catalogue.all_allowed:
        np.copyto(scores, -np.inf, where=~catalogue.allowed)
    return scores
