"""How sure a mean over users is: percentile intervals from resampled users."""

from dataclasses import dataclass

import numpy as np

from winnow.schema.column import Array

CHUNK_CELLS = 4_000_000
LEVELS = (0.025, 0.975)


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """A mean and its 95 % interval.

    Attributes:
        value: mean over the users as they are.
        low, high: 2.5 % and 97.5 % points of the mean over resampled users.
    """

    value: float
    low: float
    high: float


def mean_intervals(values: Array, *, seed: int, resamples: int = 1000) -> tuple[Interval, ...]:
    """The mean of each column with its interval; all columns share the same resampled users.

    Drawing U users with replacement is drawing how often each of them counts: multinomial weights.

    Args:
        values: float [U, M], one row per user, one column per quantity; U at least 1.
        seed: the same seed and U give the same resampled users.
        resamples: at least 1.

    Source:
        Efron, Bootstrap methods: another look at the jackknife, 1979.
    """
    rows = np.asarray(values, np.float64)
    lows, highs = np.quantile(_resampled_means(rows, seed, resamples), LEVELS, axis=0)
    return tuple(
        Interval(value=float(value), low=float(low), high=float(high))
        for value, low, high in zip(rows.mean(axis=0), lows, highs, strict=True)
    )


def difference_intervals(ours: Array, theirs: Array, *, seed: int, resamples: int = 1000) -> tuple[Interval, ...]:
    """The mean of `ours - theirs` with its interval, paired: both sides are read for the same resampled users.

    Args:
        ours: float [U, M].
        theirs: float [U, M], the same users in the same order.
        seed: as in `mean_intervals`.
        resamples: as in `mean_intervals`.

    Raises:
        ValueError: the two shapes differ.
    """
    if ours.shape != theirs.shape:
        raise ValueError(f"Paired values must have one shape; they have {ours.shape} and {theirs.shape}.")
    return mean_intervals(ours - theirs, seed=seed, resamples=resamples)


def _resampled_means(values: Array, seed: int, resamples: int) -> Array:
    """float64 [resamples, M], a chunk of resamples at a time to bound memory."""
    generator = np.random.default_rng(seed)
    users = len(values)
    chunk = max(1, CHUNK_CELLS // users)
    sizes = [min(chunk, resamples - start) for start in range(0, resamples, chunk)]
    return np.concatenate([_weights(generator, users, size) @ values for size in sizes]) / users


def _weights(generator: np.random.Generator, users: int, resamples: int) -> Array:
    """float64 [resamples, U], how often each user was drawn; each row sums to U."""
    return generator.multinomial(users, np.full(users, 1 / users), size=resamples).astype(np.float64)
