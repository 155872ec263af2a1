"""Whether probabilities are what they say: of the rows that were given 10 %, are 10 % positives."""

from dataclasses import dataclass

import numpy as np

from winnow.schema.column import Array


@dataclass(frozen=True, slots=True, kw_only=True)
class Reliability:
    """What a reliability plot draws: B bins of about as many rows each, by rising probability.

    Attributes:
        mean_probability: float64 [B], what was said in each bin, rising, in [0, 1].
        share_of_positives: float64 [B], what came of it, in [0, 1].
        rows: int64 [B], how many rows each bin holds, at least 1.
    """

    mean_probability: Array
    share_of_positives: Array
    rows: Array


def reliability(labels: Array, probabilities: Array, bins: int = 15) -> Reliability:
    """What was said beside what came, in bins of equal mass.

    Equal probabilities are one lump that is never split: it falls as a whole into the bin in which its middle row lies,
    by rank. So the order of the rows changes nothing, not even the last digit. Without ties the sizes of bins differ by
    one row at most. A lump of more than a bin's mass makes its bin larger and leaves others empty, and empty bins are
    not returned: few different probabilities are few bins.

    Args:
        labels: [N] of 0 and 1 (or booleans), N at least 1.
        probabilities: [N] in [0, 1].
        bins: how many at most, at least 1.

    Raises:
        ValueError: no rows, different numbers of them, a probability outside [0, 1], or `bins` below 1.
    """
    _check(labels, probabilities, bins)
    lump, which, size = np.unique(probabilities, return_inverse=True, return_counts=True)
    positives = np.bincount(which[np.asarray(labels, np.bool_)], minlength=len(lump))
    twice_middle = 2 * np.cumsum(size) - size  # in whole numbers, which do not round
    bin_of_lump = twice_middle * bins // (2 * len(which))
    _, first = np.unique(bin_of_lump, return_index=True)
    rows = np.add.reduceat(size, first)
    return Reliability(
        mean_probability=np.add.reduceat(lump.astype(np.float64) * size, first) / rows,
        share_of_positives=np.add.reduceat(positives, first) / rows,
        rows=rows,
    )


def calibration_error(labels: Array, probabilities: Array, bins: int = 15) -> float:
    """Expected calibration error: the mean distance of what was said from what came, over bins, weighted by rows.

    Bins have equal mass and never split equal probabilities, see `reliability`: with equal widths, clicks being rare,
    nearly all rows would share one bin. Chance alone keeps the error above 0, by about .8 sqrt(p (1 - p) / n) for n
    rows a bin; so compare errors only of equally many rows.

    Args:
        labels: [N] of 0 and 1 (or booleans), N at least 1.
        probabilities: [N] in [0, 1].
        bins: how many at most, at least 1.

    Returns:
        In [0, 1]; 0 is best.

    Raises:
        ValueError: as `reliability`.

    Source:
        Naeini, Cooper and Hauskrecht, Obtaining well calibrated probabilities using Bayesian binning, 2015; in bins of
        equal mass, Nguyen and O'Connor, Posterior calibration and exploratory analysis, 2015.
    """
    drawn = reliability(labels, probabilities, bins)
    distances = np.abs(drawn.mean_probability - drawn.share_of_positives)
    return float(distances @ drawn.rows / drawn.rows.sum())


def _check(labels: Array, probabilities: Array, bins: int) -> None:
    if bins < 1:
        raise ValueError(f"bins is {bins}; it must be at least 1.")
    if len(labels) != len(probabilities) or not len(labels):
        raise ValueError(
            f"There are {len(labels)} labels and {len(probabilities)} probabilities; give one of each for at least "
            "one row."
        )
    outside = ~((probabilities >= 0) & (probabilities <= 1))
    if outside.any():
        raise ValueError(
            f"{outside.sum()} of {len(outside)} probabilities lie outside 0 to 1, for example "
            f"{probabilities[outside][0]:g}; give probabilities, not scores."
        )
