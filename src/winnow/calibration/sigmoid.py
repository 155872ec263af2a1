"""The logistic function, and numbers that are probabilities also as float32."""

import numpy as np

from winnow.schema.column import Array

LOWEST = float(np.finfo(np.float32).tiny)
HIGHEST = float(np.nextafter(np.float32(1), np.float32(0)))
"""Of what a calibrator answers: as near to 0 and 1 as float32 comes, so that rare clicks keep their order."""


def sigmoid(logits: Array) -> Array:
    """float64 [N] in [0, 1], of logits [N] of any size."""
    return np.exp(-np.logaddexp(0.0, -np.asarray(logits, np.float64)))


def inside(probabilities: Array) -> Array:
    """float32 [N], the probabilities with 0 and 1 moved inwards to the next number."""
    return np.clip(probabilities, LOWEST, HIGHEST).astype(np.float32)
