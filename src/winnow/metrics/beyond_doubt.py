"""What some numbers show beyond doubt, and what may as well be chance."""

import math
from collections.abc import Sequence

from winnow.schema.column import Array


def surely_above_zero(gains: Array) -> bool:
    """Whether the mean of some numbers lies more than two of its standard errors above zero; of one, nobody knows."""
    return len(gains) > 1 and float(gains.mean()) > 2 * float(gains.std(ddof=1)) / math.sqrt(len(gains))


def unbeaten(losses: Sequence[Array]) -> list[int]:
    """Those that no other beats beyond doubt: by a lower mean loss, of the same rows, than two standard errors explain.

    Args:
        losses: of each, at least one: float64 [N], the loss of every row.

    Returns:
        Places in `losses`, rising. The lowest mean is never beaten, so there is always one.
    """
    return [place for place, each in enumerate(losses) if not any(surely_above_zero(each - other) for other in losses)]
