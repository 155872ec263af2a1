"""A ranker that needs no calibration."""

from dataclasses import dataclass
from pathlib import Path

from winnow.calibration.calibrator_file import write_calibrator
from winnow.calibration.sigmoid import inside, sigmoid
from winnow.schema.column import Array


@dataclass(frozen=True, slots=True)
class IdentityCalibrator:
    """Takes the logit at its word: the plain sigmoid."""

    def __call__(self, logits: Array) -> Array:
        return inside(sigmoid(logits))

    def save(self, folder: Path) -> None:
        write_calibrator(folder, "identity", {})
