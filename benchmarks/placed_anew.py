"""Pages of a simulated shop with their items in another order, and clicks drawn anew from the truth."""

import numpy as np

from winnow.schema.column import Array, Bools
from winnow.training.impression_rows import ImpressionRows


def placed_by(rows: ImpressionRows, strength: Array) -> Array:
    """int64 [N], the places of each page handed out anew, the first to the strongest.

    Args:
        rows: impressions; those of one visitor that were answered at one instant are a page.
        strength: float [N]; of equals, the earlier row stands first.
    """
    by_place = np.lexsort((rows.positions, rows.pages_at, rows.visitors))
    by_strength = np.lexsort((-strength, rows.pages_at, rows.visitors))
    positions = np.empty_like(rows.positions)
    positions[by_strength] = rows.positions[by_place]
    return positions


def drawn_clicks(chances: Array, positions: Array, looked: Array, generator: np.random.Generator) -> Bools:
    """bool [N], whether an impression is looked at and then clicked.

    Args:
        chances: float [N], of a click once looked at.
        positions: int64 [N], from 1.
        looked: float [places], of a look by place.
        generator: of the draw.
    """
    return generator.random(len(chances)) < looked[positions - 1] * chances
