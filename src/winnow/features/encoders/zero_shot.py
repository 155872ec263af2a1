"""Labels for items by the nearest label in one space; nothing is trained."""

from dataclasses import dataclass

import numpy as np

from winnow.features.encoders.unit_length import unit_length
from winnow.schema.column import Array, Bools, Floats
from winnow.schema.errors import EncoderError

TEXT_SCALE = 20.0
"""What cosines of Sentence-BERT are multiplied by, a temperature of 1 / 20: the one that its loss is trained with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestions:
    """The best labels of N items, best first.

    Attributes:
        labels: int64 [N, K], places of labels; -1 for an item without a vector.
        scores: float32 [N, K], 0 to 1, what each label gets of an item's probability over all labels; NaN where none.
        cosines: float32 [N, K], -1 to 1; NaN where none.
    """

    labels: Array
    scores: Floats
    cosines: Floats


def zero_shot(items: Array, labels: Array, k: int, scale: float = TEXT_SCALE) -> Suggestions:
    """The k labels whose vectors are nearest to an item's, with the softmax over all labels as score.

    Args:
        items: [N, D], of any length; zero where missing.
        labels: [C, D], of the same space, at least one; of any length but zero.
        k: at least 1; with fewer labels than that, K is C.
        scale: of the cosines in the softmax, the inverse of its temperature; over 0.

    Returns:
        K columns; labels that are equally near come in their order.

    Raises:
        EncoderError: there are no labels, or the vectors are of different widths.
        ValueError: k or scale is not over 0.

    Source: Radford et al., Learning Transferable Visual Models From Natural Language Supervision, 2021.
    """
    if k < 1 or not scale > 0:
        raise ValueError(f"k is {k} and scale {scale}; numbers over 0 are wanted.")
    _check(items, labels)
    units = unit_length(items)
    cosines = _cosines(units, unit_length(labels))
    best = np.argsort(-cosines, axis=1, kind="stable")[:, :k]
    missing = ~np.asarray(units.any(axis=1))[:, None]
    return Suggestions(
        labels=np.where(missing, -1, best),
        scores=_where_there(missing, _softmax(cosines * scale), best),
        cosines=_where_there(missing, cosines, best),
    )


def _check(items: Array, labels: Array) -> None:
    if not len(labels):
        raise EncoderError("There are no labels to choose from; name at least one.")
    if items.shape[1] != labels.shape[1]:
        raise EncoderError(
            f"The vectors of items have {items.shape[1]} numbers and those of labels {labels.shape[1]}; encode both "
            "with one network."
        )


def _cosines(items: Floats, labels: Floats) -> Array:
    """float64 [N, C], rounded as float32 is, so that equal labels are equally near wherever they stand."""
    exact = items.astype(np.float64) @ labels.astype(np.float64).T
    return exact.astype(np.float32).astype(np.float64)


def _softmax(logits: Array) -> Array:
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def _where_there(missing: Bools, values: Array, best: Array) -> Floats:
    return np.where(missing, np.nan, np.take_along_axis(values, best, axis=1)).astype(np.float32)
