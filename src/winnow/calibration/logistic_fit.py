"""A few weights of a logistic model, solved to the end."""

from collections.abc import Callable
from functools import partial

import numpy as np

from winnow.calibration.sigmoid import sigmoid
from winnow.schema.column import Array

STEPS = 100
"""At most; some ten are usual."""
CLOSE, DONE = 1e-12, 1e-24
"""Nats that a step promises: below the first they drown in the rounding of the loss, below the other it is done."""

OfLength = Callable[[float], float]


def logistic_fit(features: Array, targets: Array, offset: Array, ridge: Array | float = 0.0) -> Array:
    """The weights w under which sigmoid(offset + w @ features) is nearest to the targets, in mean log loss.

    Where there is a ridge, half of ridge * w^2 is added to that, for each of the weights.

    Newton's method, each step halved until it keeps a part of what it promises.

    Args:
        features: float64 [F, N], of full rank where there is no ridge.
        targets: float64 [N], 0 to 1; without a ridge above 0 and below 1, so that the best weights are finite.
        offset: float64 [N], what is known already.
        ridge: float64 [F], not below 0; by default none.

    Returns:
        float64 [F].
    """
    weights, ridges = np.zeros(len(features)), np.broadcast_to(ridge, len(features))
    for _ in range(STEPS):
        chances = sigmoid(offset + weights @ features)
        gradient = features @ (chances - targets) / len(targets) + ridges * weights
        hessian = (features * (chances * (1 - chances))) @ features.T / len(targets) + np.diag(ridges)
        step = np.linalg.solve(hessian, gradient)
        promised = float(gradient @ step)
        length = 1.0
        if promised >= CLOSE:
            penalty = partial(_penalty, weights, step, ridges)
            length = _length(partial(_loss, offset + weights @ features, step @ features, targets), penalty, promised)
        weights = weights - length * step
        if promised < DONE:
            break
    return weights


def _length(loss: OfLength, penalty: OfLength, promised: float) -> float:
    """The share of a step that is taken; close to the end it is all of it, and the error is squared each time."""
    before, length = loss(0.0) + penalty(0.0), 1.0
    while before - loss(length) - penalty(length) < 1e-4 * length * promised:
        length /= 2
    return length


def _loss(logits: Array, change: Array, targets: Array, length: float) -> float:
    taken = logits - length * change
    return float(np.mean(np.logaddexp(0.0, taken) - targets * taken))


def _penalty(weights: Array, step: Array, ridges: Array, length: float) -> float:
    return float(ridges @ (weights - length * step) ** 2) / 2
