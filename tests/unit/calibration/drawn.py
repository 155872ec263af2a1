"""Rows with a known truth."""

import numpy as np

from winnow.schema.column import Array


def sigmoid_of(logits: Array) -> Array:
    return 1 / (1 + np.exp(-logits))


def normal_logits(rows: int, seed: int) -> Array:
    return np.random.default_rng(seed).normal(size=rows)


def drawn_labels(probabilities: Array, seed: int) -> Array:
    return (np.random.default_rng(1_000 + seed).random(len(probabilities)) < probabilities).astype(np.int64)


def step(logits: Array) -> Array:
    return np.where(logits > 0.3, 0.6, 0.1)
