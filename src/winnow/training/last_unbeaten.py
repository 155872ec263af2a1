"""When to stop, told by rows that are few: noise is no reason to stop early."""

import math
from collections.abc import Sequence

from winnow.schema.column import Array


def last_unbeaten(losses: Sequence[Array]) -> int:
    """The last pass that no other beats beyond doubt: by a mean loss lower by more than two standard errors.

    Args:
        losses: of each pass, at least one: float64 [N], the loss of every row.

    Returns:
        A place in `losses`. The pass of the lowest mean is never beaten, so there is always one.
    """
    return max(
        place for place, each in enumerate(losses) if not any(_surely_above_zero(each - other) for other in losses)
    )


def _surely_above_zero(excess: Array) -> bool:
    """Of one number nobody knows."""
    return len(excess) > 1 and float(excess.mean()) > 2 * float(excess.std(ddof=1)) / math.sqrt(len(excess))
