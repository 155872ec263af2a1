"""A calibrator back from disk."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, cast

import numpy as np

from winnow.calibration.calibrator import Calibrator
from winnow.calibration.calibrator_file import CALIBRATOR_FILE
from winnow.calibration.identity_calibrator import IdentityCalibrator
from winnow.calibration.isotonic_calibrator import IsotonicCalibrator
from winnow.calibration.platt_calibrator import PlattCalibrator
from winnow.schema.errors import BundleError


def load_calibrator(folder: Path) -> Calibrator:
    """Read the `calibrator.json` that a calibrator's `save` wrote.

    Raises:
        BundleError: it is missing or damaged, or of a kind that this program does not know.
    """
    path = folder / CALIBRATOR_FILE
    try:
        found: object = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(found, dict):
            raise TypeError("it holds no object")
        numbers = dict(cast("dict[str, Any]", found))
        kind = str(numbers.pop("kind"))
        if kind in _KINDS:
            return _KINDS[kind](**numbers)
    except (OSError, ValueError, TypeError, KeyError, OverflowError) as error:
        raise BundleError(f"{path} is not a calibrator ({error}); build the bundle again.") from error
    raise BundleError(
        f"{path} holds a calibrator of the kind '{kind}'; this program knows {', '.join(_KINDS)}. Upgrade Winnow, or "
        "build the bundle again."
    )


def _isotonic(*, logits: list[float], probabilities: list[float]) -> IsotonicCalibrator:
    return IsotonicCalibrator(
        logits=np.asarray(logits, np.float64), probabilities=np.asarray(probabilities, np.float64)
    )


_KINDS: Mapping[str, Callable[..., Calibrator]] = {
    "identity": IdentityCalibrator,
    "platt": PlattCalibrator,
    "isotonic": _isotonic,
}
