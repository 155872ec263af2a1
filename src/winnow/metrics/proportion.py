"""How much a share that was counted says of the true one."""

import math

SURE = 2.5758
"""Standard errors to each side that leave one true share in a hundred outside."""


def share_interval(hits: int, trials: int, width: float = SURE) -> tuple[float, float]:
    """Where the true share lies, by default with a certainty of 99 %; (0, 1) where nothing was tried.

    Args:
        hits: how often it was so, 0 to `trials`.
        trials: how often it could have been, each independent of the others.
        width: half the width, in standard errors.

    Source:
        Wilson, Probable inference, the law of succession, and statistical inference, 1927.
    """
    if not trials:
        return 0.0, 1.0
    share, square = hits / trials, width * width / trials
    middle = (share + square / 2) / (1 + square)
    half = width / (1 + square) * math.sqrt(share * (1 - share) / trials + square / (4 * trials))
    return max(0.0, middle - half), min(1.0, middle + half)
