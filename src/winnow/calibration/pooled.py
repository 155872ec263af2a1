"""Neighbours put together until shares rise."""

import numpy as np

from winnow.schema.column import Array


def pooled(clicks: Array, rows: Array) -> Array:
    """Pools adjacent violators: the nearest rising shares, by squares and by log loss alike.

    Args:
        clicks: [N] of each place, not negative.
        rows: [N] likewise, above 0.

    Returns:
        int64 [B], the first place of each block; the share of clicks rises from block to block, equal ones being one.

    Source:
        Ayer et al., An empirical distribution function for sampling with incomplete information, 1955.
    """
    blocks: list[tuple[int, float, float]] = []
    for place, (more_clicks, more_rows) in enumerate(zip(clicks.tolist(), rows.tolist(), strict=True)):
        first, hits, size = place, more_clicks, more_rows
        while blocks and blocks[-1][1] * size >= hits * blocks[-1][2]:
            first, hits_before, size_before = blocks.pop()
            hits, size = hits + hits_before, size + size_before
        blocks.append((first, hits, size))
    return np.array([first for first, _, _ in blocks], np.int64)
