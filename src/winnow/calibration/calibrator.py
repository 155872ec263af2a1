"""What every calibrator promises."""

from pathlib import Path
from typing import Protocol

from winnow.schema.column import Array


class Calibrator(Protocol):
    """Turns logits of a ranker into probabilities, without changing their order."""

    def __call__(self, logits: Array) -> Array:
        """The probability of each row; a higher logit never gives a lower one.

        Args:
            logits: float32 or float64 [N], any number but NaN.

        Returns:
            float32 [N], above 0 and below 1.
        """
        ...

    def save(self, folder: Path) -> None:
        """Write `calibrator.json` into an existing folder; `load_calibrator` reads it."""
        ...
