"""What calibrators are fitted on."""

from dataclasses import dataclass

import numpy as np

from winnow.schema.column import Array, Bools
from winnow.schema.errors import DataError


@dataclass(frozen=True, slots=True)
class LabelledLogits:
    """N logits and what came of them; made by `of`, which checks.

    Attributes:
        logits: float64 [N], finite.
        clicked: bool [N], some of them and not all.
    """

    logits: Array
    clicked: Bools

    def __len__(self) -> int:
        return len(self.logits)

    @staticmethod
    def of(logits: Array, labels: Array) -> "LabelledLogits":
        """Takes what a ranker said and what was clicked.

        Args:
            logits: float [N], finite.
            labels: [N] of 0 and 1 (or booleans), some of each.

        Raises:
            ValueError: shapes that are not [N] both, a logit that is not finite, or a label that is neither 0 nor 1.
            DataError: only one class, or no row at all.
        """
        values, marks = np.asarray(logits, np.float64), np.asarray(labels)
        _check_shapes(values, marks)
        _check_values(values, marks)
        clicks = int(np.count_nonzero(marks))
        if clicks in (0, len(marks)):
            raise DataError(
                f"Of {len(marks)} rows {clicks} are clicks; a calibrator needs clicks and misses to be fitted. Use "
                "rows of a longer time, or no calibrator."
            )
        return LabelledLogits(values, marks.astype(np.bool_))


def _check_shapes(logits: Array, labels: Array) -> None:
    if logits.ndim != 1 or logits.shape != labels.shape:
        raise ValueError(
            f"The logits have the shape {logits.shape} and the labels {labels.shape}; give one of each for every row, "
            "without further axes."
        )


def _check_values(logits: Array, labels: Array) -> None:
    strange = ~np.isfinite(logits)
    if strange.any():
        raise ValueError(
            f"{strange.sum()} of {len(logits)} logits are not finite, first in row {strange.argmax()}; the ranker that "
            "gave them is broken: train it again."
        )
    wrong = (labels != 0) & (labels != 1)
    if wrong.any():
        raise ValueError(
            f"{wrong.sum()} of {len(labels)} labels are neither 0 nor 1, for example {labels[wrong][0]:g}; give 1 for "
            "a click and 0 for a miss."
        )
