"""A logit whose order is right and whose sizes follow no formula."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from winnow.calibration.calibrator_file import write_calibrator
from winnow.calibration.labelled_logits import LabelledLogits
from winnow.calibration.pooled import pooled
from winnow.calibration.sigmoid import inside
from winnow.schema.column import Array


@dataclass(frozen=True, slots=True, kw_only=True)
class IsotonicCalibrator:
    """A line through points, level beyond the first and the last.

    Attributes:
        logits: float64 [B], finite, rising, at least one.
        probabilities: float64 [B], above 0 and below 1, never falling.

    Raises:
        ValueError: the points are not so.
    """

    logits: Array
    probabilities: Array

    def __post_init__(self) -> None:
        if self.logits.ndim != 1 or self.logits.shape != self.probabilities.shape or not len(self.logits):
            raise ValueError(
                f"The points have logits of shape {self.logits.shape} and probabilities of {self.probabilities.shape}; "
                "one of each is wanted for every point, and at least one point."
            )
        if not (np.isfinite(self.logits).all() and (np.diff(self.logits) > 0).all()):
            raise ValueError("The logits of the points do not rise; finite and rising ones are wanted.")
        inner = (self.probabilities > 0) & (self.probabilities < 1)
        if not (inner.all() and (np.diff(self.probabilities) >= 0).all()):
            raise ValueError(
                "The probabilities of the points fall, or leave the range from 0 to 1; wanted are ones that never fall."
            )

    @staticmethod
    def fit(logits: Array, labels: Array) -> "IsotonicCalibrator":
        """The line through the blocks of rows of which no lower one has a greater share of clicks.

        Each block counts one row more than it has, which is a click as much as all rows are on average: so no share is
        0 or 1, and one lucky row says little. The line goes through the centres of the blocks, the mean of their
        logits: rows of one block do not tie, and a smooth truth is met closer than by level blocks. The price: a step
        in the truth is drawn out over half a block on each side.

        Args:
            logits: float [N], finite; rows of equal logits are one row with a share.
            labels: [N] of 0 and 1 (or booleans), some of each.

        Raises:
            ValueError: wrong shapes or values, see `LabelledLogits.of`.
            DataError: only one class.

        Source:
            Zadrozny and Elkan, Transforming classifier scores into accurate multiclass probability estimates, 2002.
        """
        given = LabelledLogits.of(logits, labels)
        values, which, rows = np.unique(given.logits, return_inverse=True, return_counts=True)
        clicks = np.bincount(which[given.clicked], minlength=len(values))
        first, shares = _blocks(clicks, rows)
        last = np.append(first[1:], len(values)) - 1
        means = np.add.reduceat(values * rows, first) / np.add.reduceat(rows, first)
        # What rounding does to a mean must not carry it out of its block, or two centres might meet.
        return IsotonicCalibrator(logits=np.clip(means, values[first], values[last]), probabilities=shares)

    def __call__(self, logits: Array) -> Array:
        return inside(np.interp(np.asarray(logits, np.float64), self.logits, self.probabilities))

    def save(self, folder: Path) -> None:
        points = {"logits": self.logits.tolist(), "probabilities": self.probabilities.tolist()}
        write_calibrator(folder, "isotonic", points)


def _blocks(clicks: Array, rows: Array) -> tuple[Array, Array]:
    """Where each block begins, int64 [B], and its share of clicks, float64 [B], as float32 holds it.

    The further row may turn the order of two blocks round, so what it makes of them is pooled once more.
    """
    first = pooled(clicks, rows)
    clicks_more = np.add.reduceat(clicks, first) + clicks.sum() / rows.sum()
    rows_more = np.add.reduceat(rows, first) + 1
    again = pooled(clicks_more, rows_more)
    shares = np.add.reduceat(clicks_more, again) / np.add.reduceat(rows_more, again)
    return first[again], inside(shares).astype(np.float64)
