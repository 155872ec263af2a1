"""What each request asked for, as far as the recipe lets it."""

import numpy as np

from winnow.schema.column import Array


def within_limits(asked: Array | None, limits: tuple[float, float], default: float, batch: int) -> Array:
    """float64 [B], what was asked for or the nearest limit; `default` where nothing was.

    Args:
        asked: float64 [B], NaN of who does not say; None where nobody says.
        limits: the least and the most that a request may ask for.
        default: of the recipe, within the limits or not.
        batch: B.
    """
    if asked is None:
        return np.full(batch, default)
    return np.where(np.isnan(asked), default, np.clip(asked, *limits))
