"""Why a calibrator was chosen."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibrationReport:
    """How the kinds did on later rows that none of them was fitted on.

    Attributes:
        chosen: `identity`, `platt` or `isotonic`.
        fitted: rows, the earlier ones, that the kinds were fitted on to be judged.
        judged: rows, the later ones, that they were judged on. The chosen one is then fitted on all.
        log_losses: of each kind on the judged rows, mean in nats.
    """

    chosen: str
    fitted: int
    judged: int
    log_losses: Mapping[str, float]
