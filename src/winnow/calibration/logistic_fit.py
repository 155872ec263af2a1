"""A few weights of a logistic model, solved to the end."""

import numpy as np

from winnow.calibration.sigmoid import sigmoid
from winnow.schema.column import Array

STEPS = 100
"""At most; some ten are usual."""
CLOSE, DONE = 1e-12, 1e-24
"""Nats that a step promises: below the first they drown in the rounding of the loss, below the other it is done."""


def logistic_fit(features: Array, targets: Array, offset: Array) -> Array:
    """The weights w under which sigmoid(offset + w @ features) is nearest to the targets, in mean log loss.

    Newton's method, each step halved until it keeps a part of what it promises.

    Args:
        features: float64 [F, N], of full rank.
        targets: float64 [N], above 0 and below 1, so that the best weights are finite.
        offset: float64 [N], what is known already.

    Returns:
        float64 [F].
    """
    weights = np.zeros(len(features))
    for _ in range(STEPS):
        chances = sigmoid(offset + weights @ features)
        gradient = features @ (chances - targets) / len(targets)
        hessian = (features * (chances * (1 - chances))) @ features.T / len(targets)
        step = np.linalg.solve(hessian, gradient)
        promised = float(gradient @ step)
        length = 1.0 if promised < CLOSE else _length(offset + weights @ features, step @ features, targets, promised)
        weights = weights - length * step
        if promised < DONE:
            break
    return weights


def _length(logits: Array, change: Array, targets: Array, promised: float) -> float:
    """The share of a step that is taken; close to the end it is all of it, and the error is squared each time."""
    before, length = _loss(logits, targets), 1.0
    while before - _loss(logits - length * change, targets) < 1e-4 * length * promised:
        length /= 2
    return length


def _loss(logits: Array, targets: Array) -> float:
    return float(np.mean(np.logaddexp(0.0, logits) - targets * logits))
