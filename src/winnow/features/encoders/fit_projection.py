"""Fits a projection on the vectors of training items, piece by piece."""

from collections.abc import Iterable

import numpy as np

from winnow.features.encoders.projection import Projection
from winnow.schema.column import Array
from winnow.schema.errors import EncoderError

_NOISE = 1e-6


def fit_projection(encoder: str, pieces: Iterable[Array], width: int = 64) -> Projection:
    """The principal components; memory depends on D alone, and the same vectors give the same result.

    Only training items may be given: what others look like must not be known. Items without a vector do not count.

    Args:
        encoder: id of the encoder that the vectors are from.
        pieces: float32 [n, D] each, of one D; the zero vector is missing.
        width: components to keep; fewer come out where the vectors do not differ in so many directions.

    Raises:
        EncoderError: fewer than two different vectors are given.
    """
    count, total, products = 0, np.zeros(0), np.zeros((0, 0))
    for piece in pieces:
        wide = piece[piece.any(axis=1)].astype(np.float64)
        if not count:
            total, products = np.zeros(wide.shape[1]), np.zeros((wide.shape[1],) * 2)
        count += len(wide)
        total += wide.sum(axis=0)
        products += wide.T @ wide
    mean = total / max(count, 1)
    return _components(encoder, mean, products / max(count, 1) - np.outer(mean, mean), width, count)


def _components(encoder: str, mean: Array, covariance: Array, width: int, count: int) -> Projection:
    strengths, directions = _axes(covariance, count)
    real = strengths > _NOISE * _NOISE + _NOISE * strengths[:1].sum()
    rank = min(width, int(real.sum()), max(count - 1, 0))
    if not rank:
        raise EncoderError(
            f"A projection of '{encoder}' needs at least two training items with different vectors; {count} have one. "
            "Fill the column in, or leave the feature out."
        )
    kept = directions[:, :rank]
    # The sign of a component is free; the largest number is made positive, so that all machines agree.
    signs = np.sign(kept[np.abs(kept).argmax(axis=0), np.arange(rank)])
    return Projection(
        encoder=encoder,
        mean=mean.astype(np.float32),
        components=(kept * signs).astype(np.float32),
        explained=(strengths[:rank] / strengths.sum()).astype(np.float32),
    )


def _axes(covariance: Array, count: int) -> tuple[Array, Array]:
    """How much differs in which direction, the most first; no more directions than there are vectors."""
    if count >= len(covariance):
        strengths, directions = np.linalg.eigh(covariance)
    else:  # what a few vectors span is a small part of D, and all that differs lies there
        probes = np.random.default_rng(0).normal(size=(len(covariance), count))
        span, _ = np.linalg.qr(covariance @ probes)
        strengths, within = np.linalg.eigh(span.T @ covariance @ span)
        directions = span @ within
    return np.maximum(strengths[::-1], 0), directions[:, ::-1]
