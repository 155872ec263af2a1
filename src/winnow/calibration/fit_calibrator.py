"""Which calibration a ranker needs, if any: decided on rows later than those it is fitted on."""

from collections.abc import Callable, Mapping

import numpy as np

from winnow.calibration.calibration_report import CalibrationReport
from winnow.calibration.calibrator import Calibrator
from winnow.calibration.identity_calibrator import IdentityCalibrator
from winnow.calibration.isotonic_calibrator import IsotonicCalibrator
from winnow.calibration.labelled_logits import LabelledLogits
from winnow.calibration.platt_calibrator import PlattCalibrator
from winnow.metrics.beyond_doubt import unbeaten
from winnow.schema.column import Array

JUDGED_SHARE = 1 / 3
"""Of the rows, the latest: enough to see a small difference, and few enough that what is judged is well fitted."""
KINDS: Mapping[str, Callable[[Array, Array], Calibrator]] = {
    "identity": lambda logits, labels: IdentityCalibrator(),
    "platt": PlattCalibrator.fit,
    "isotonic": IsotonicCalibrator.fit,
}
"""From the simplest to the freest."""


def fit_calibrator(logits: Array, labels: Array) -> tuple[Calibrator, CalibrationReport]:
    """Fits every kind on earlier rows, judges it on later ones, and fits the simplest good one on all.

    Kept is the simplest that no other beats beyond doubt: by a mean log loss that is lower by more than two standard
    errors of the difference, row by row. Rows count as independent; where many come from one request, doubts are
    greater than they seem.

    Args:
        logits: float [N], finite, in the order of time, of rows that the ranker did not learn from.
        labels: [N] of 0 and 1 (or booleans), both among the earlier two thirds.

    Raises:
        ValueError: wrong shapes or values, see `LabelledLogits.of`.
        DataError: only one class, in all rows or in the earlier ones.
    """
    rows = LabelledLogits.of(logits, labels)
    fitted = len(rows) - max(1, round(len(rows) * JUDGED_SHARE))
    losses = {
        kind: _losses(fit(rows.logits[:fitted], rows.clicked[:fitted])(rows.logits[fitted:]), rows.clicked[fitted:])
        for kind, fit in KINDS.items()
    }
    chosen = list(KINDS)[unbeaten(list(losses.values()))[0]]
    report = CalibrationReport(
        chosen=chosen,
        fitted=fitted,
        judged=len(rows) - fitted,
        log_losses={kind: float(each.mean()) for kind, each in losses.items()},
    )
    return KINDS[chosen](rows.logits, rows.clicked), report


def _losses(probabilities: Array, clicked: Array) -> Array:
    """float64 [N], nats of each row."""
    chances = probabilities.astype(np.float64)
    return -np.log(np.where(clicked, chances, 1 - chances))
