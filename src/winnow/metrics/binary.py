"""Quality of scores and probabilities against labels of 0 and 1."""

import numpy as np

from winnow.schema.column import Array


def auc(labels: Array, scores: Array) -> float:
    """Probability that a random positive scores above a random negative, ties counting half.

    Args:
        labels: [N] of 0 and 1 (or booleans).
        scores: [N] finite numbers.

    Returns:
        In [0, 1]; NaN when there are only positives or only negatives.

    Source:
        Mann and Whitney, On a test of whether one of two random variables is stochastically larger, 1947.
    """
    positive = np.asarray(labels, np.bool_)
    positives = np.count_nonzero(positive)
    pairs = positives * (len(positive) - positives)
    if not pairs:
        return float("nan")
    _, group, size = np.unique(scores, return_inverse=True, return_counts=True)
    mean_rank = np.cumsum(size) - (size - 1) / 2
    return float((mean_rank[group][positive].sum() - positives * (positives + 1) / 2) / pairs)


def logloss(labels: Array, probabilities: Array) -> float:
    """Mean negative log-likelihood in nats; never negative.

    Args:
        labels: [N] of 0 and 1 (or booleans), N at least 1.
        probabilities: [N] in [0, 1]; the ends are moved inwards by the smallest step of float64, so that one
            certain mistake costs 36 nats and not infinity.
    """
    positive = np.asarray(labels, np.bool_)
    smallest = np.finfo(np.float64).eps
    chance = np.clip(np.asarray(probabilities, np.float64), smallest, 1 - smallest)
    return float(-np.mean(np.log(np.where(positive, chance, 1 - chance))))


def normalised_entropy(labels: Array, probabilities: Array) -> float:
    """Log loss relative to that of always saying the share of positives: 1 where nothing is known, below 1 is better.

    The log loss alone is small wherever positives are rare; this one compares across data.

    Args:
        labels: [N] of 0 and 1 (or booleans), N at least 1.
        probabilities: [N] in [0, 1].

    Returns:
        Not negative; NaN when there are only positives or only negatives, about which nothing is left to say.

    Source:
        He et al., Practical lessons from predicting clicks on ads at Facebook, 2014.
    """
    positive = np.asarray(labels, np.bool_)
    share = float(positive.mean())
    if share in (0.0, 1.0):
        return float("nan")
    return logloss(positive, probabilities) / logloss(positive, np.full(len(positive), share))
