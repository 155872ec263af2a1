"""What model inputs mean, for people."""

import math
from collections.abc import Sequence

from winnow.features.bucket_codes import BucketCodes
from winnow.features.fitted import FittedFeatures
from winnow.features.fitted_transform import FittedTransform
from winnow.features.hash_codes import HashCodes
from winnow.features.scaled_number import ScaledNumber
from winnow.features.vocabulary_codes import VocabularyCodes
from winnow.schema.column import Array
from winnow.schema.transform import FIRST_CODE, MISSING_CODE, UNKNOWN_CODE

Words = str | float | None
"""A category or a range, a number, or nothing where the value is missing."""
UNKNOWN = "another value than those that training knew"
DIGITS = 6
"""Of a number: it went through a float32."""
TOLD = VocabularyCodes | BucketCodes | HashCodes | ScaledNumber


def feature_words(fitted: FittedFeatures, codes: Array, values: Array) -> dict[str, Words]:
    """One row of packed features, by name; what cannot be told in words, such as an hour on a circle, is left out.

    Args:
        fitted: made the row.
        codes: int32 [Fc].
        values: float32 [Fv].
    """
    kept = {"code": iter(codes.tolist()), "value": iter(values.tolist())}
    told: dict[str, Words] = {}
    for feature in fitted.features:
        own = [next(kept[output.form]) for output in feature.outputs if output.form in kept]
        if isinstance(feature.transform, TOLD):
            told[feature.name] = _words(feature.transform, own)
    return told


def _words(transform: FittedTransform, own: Sequence[float]) -> Words:
    match transform:
        case ScaledNumber():
            return None if own[1] else _number(transform, own[0])
        case VocabularyCodes() | BucketCodes() | HashCodes() if own[0] == MISSING_CODE:
            return None
        case VocabularyCodes():
            return UNKNOWN if own[0] == UNKNOWN_CODE else transform.known[int(own[0]) - FIRST_CODE]
        case BucketCodes():
            return _range(transform.edges, int(own[0]) - FIRST_CODE)
        case _:
            return f"one of many values that share the code {int(own[0])}"


def _number(transform: ScaledNumber, scaled: float) -> float:
    value = scaled * transform.deviation + transform.mean
    return float(f"{math.expm1(value) if transform.log else value:.{DIGITS}g}")


def _range(edges: Sequence[float], place: int) -> str:
    if place == 0:
        return f"below {edges[0]:g}"
    if place == len(edges):
        return f"{edges[-1]:g} or more"
    return f"{edges[place - 1]:g} to below {edges[place]:g}"
