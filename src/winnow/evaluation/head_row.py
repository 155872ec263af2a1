"""What a report says of an outcome that the click model tells."""

from dataclasses import dataclass
from typing import Literal

Of = Literal["shown", "clicked"]
"""Which impressions an outcome is told of: all, or those that were clicked, on which it follows."""
ENOUGH = 50
"""Impressions to which it came, and as many to which it did not, below which chance has more to say than the model."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadRow:
    """How well a head of the click model tells its outcome, over all impressions of the test time that it is about.

    Attributes:
        outcome: "click", or another, such as "purchase".
        of: which impressions the chances are of.
        impressions: how many of those there are.
        positives: to how many of them the outcome came.
        auc: area under the ROC curve; None, as all that follows, where it came to fewer than 50, or to all but as few.
        log_loss: in nats.
        entropy: normalised, 1 where nothing is known.
        calibration_error: expected, over 15 bins of equal mass.
    """

    outcome: str
    of: Of
    impressions: int
    positives: int
    auc: float | None = None
    log_loss: float | None = None
    entropy: float | None = None
    calibration_error: float | None = None
