"""A logit that is too sure of itself, or that was learned where clicks are more frequent."""

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from winnow.calibration.calibrator_file import write_calibrator
from winnow.calibration.labelled_logits import LabelledLogits
from winnow.calibration.logistic_fit import logistic_fit
from winnow.calibration.sigmoid import inside, sigmoid
from winnow.schema.column import Array

LEAST_SLOPE = 1e-3
"""For one standard deviation of the logit: a ranker that is no use, or the wrong way round, is nearly not heard."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlattCalibrator:
    """The sigmoid of the logit, stretched and moved.

    Attributes:
        slope: above 0, so that the order stays; below 1 for a ranker that is too sure.
        shift: added to the stretched logit; below 0 for a ranker that saw a greater share of clicks.

    Raises:
        ValueError: a number is not finite, or the slope is not above 0.
    """

    slope: float
    shift: float

    def __post_init__(self) -> None:
        if not (math.isfinite(self.slope) and math.isfinite(self.shift) and self.slope > 0):
            raise ValueError(
                f"The slope is {self.slope} and the shift {self.shift}; finite ones are wanted, the slope above 0."
            )

    @staticmethod
    def fit(logits: Array, labels: Array) -> "PlattCalibrator":
        """The slope and shift under which the labels are likeliest, found to the last digits.

        A click counts as almost certain and a miss as almost impossible, by one row of doubt each, so that a ranker
        without fault does not get an infinite slope.

        Args:
            logits: float [N], finite; where all are equal, nothing speaks for a slope, and it is 1.
            labels: [N] of 0 and 1 (or booleans), some of each.

        Raises:
            ValueError: wrong shapes or values, see `LabelledLogits.of`.
            DataError: only one class.

        Source:
            Platt, Probabilistic outputs for support vector machines, 1999; solved as in Lin, Lin and Weng, A note on
            Platt's probabilistic outputs for support vector machines, 2007.
        """
        rows = LabelledLogits.of(logits, labels)
        centre, spread = float(rows.logits.mean()), float(rows.logits.std())
        if spread == 0 or rows.logits.min() == rows.logits.max():  # the mean of equal numbers may be off by a digit
            centre, spread = float(rows.logits[0]), 1.0
        scaled = (rows.logits - centre) / spread
        slope, shift = _slope_and_shift(scaled, _targets(rows))
        return PlattCalibrator(slope=slope / spread, shift=shift - slope * centre / spread)

    def __call__(self, logits: Array) -> Array:
        return inside(sigmoid(self.slope * np.asarray(logits, np.float64) + self.shift))

    def save(self, folder: Path) -> None:
        write_calibrator(folder, "platt", {"slope": self.slope, "shift": self.shift})


def _targets(rows: LabelledLogits) -> Array:
    """float64 [N], the chance that a label says what it says: never quite 0 or 1."""
    clicks = np.count_nonzero(rows.clicked)
    return np.where(rows.clicked, (clicks + 1) / (clicks + 2), 1 / (len(rows) - clicks + 2))


def _slope_and_shift(scaled: Array, targets: Array) -> tuple[float, float]:
    """For logits of mean 0 and deviation 1, or all 0; the loss is convex, so the least slope is best where less is."""
    ones = np.ones_like(scaled)
    slope = 1.0
    if scaled.std() > 0:
        slope, shift = logistic_fit(np.stack([scaled, ones]), targets, np.zeros_like(scaled)).tolist()
        if slope >= LEAST_SLOPE:
            return slope, shift
        slope = LEAST_SLOPE
    (shift,) = logistic_fit(ones[None], targets, slope * scaled).tolist()
    return slope, shift
