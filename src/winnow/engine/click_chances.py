"""How likely a click is where an item stands: what training calibrates, in NumPy."""

import numpy as np

from winnow.calibration.calibrator import Calibrator
from winnow.schema.column import Array

CERTAIN = 1 - 1e-6
"""As in training: no chance comes closer to 1, so that its complement has a logarithm."""


def log_odds_at(logits: Array, positions: Array, looks: Array) -> Array:
    """float64 [N], log-odds of a click at a place: of a look there, times a click once looked at.

    Args:
        logits: float [N], log-odds of a click once looked at.
        positions: int64 [N], place on the page from 1, 0 where it is not known; later ones than the last that is told
            apart count as that.
        looks: float [places + 1], chance of a look by place, in (0, 1]; the first is of places that are not known.

    Source:
        Guo et al., PAL: a position-bias aware learning framework for CTR prediction in live recommender systems,
        RecSys 2019.
    """
    looked = looks.astype(np.float64)[np.minimum(positions, len(looks) - 1)]
    log_click = np.log(looked) - np.logaddexp(0, -logits.astype(np.float64))
    return log_click - np.log1p(-np.minimum(np.exp(log_click), CERTAIN))


def chances_at(logits: Array, positions: Array, looks: Array, calibrator: Calibrator) -> Array:
    """float32 [N], calibrated chances of a click on what stands at places; arguments as of `log_odds_at`."""
    return calibrator(log_odds_at(logits, positions, looks))
