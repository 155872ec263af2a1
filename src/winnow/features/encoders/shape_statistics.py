"""What outline an item has, and how lines run over it."""

import numpy as np

from winnow.features.encoders.picture_pixels import SIDE, PicturePixels
from winnow.schema.column import Array, Floats

CELLS, DIRECTIONS = 8, 8
SILHOUETTE = 16
CLIPPED = 0.2


def shape_statistics(pixels: PicturePixels) -> tuple[Floats, ...]:
    """The silhouette in small, and oriented gradients of lightness on a grid.

    Source:
        Dalal, Triggs: Histograms of oriented gradients for human detection, 2005.
    """
    side = SIDE // SILHOUETTE
    silhouette = pixels.item.reshape(SILHOUETTE, side, SILHOUETTE, side).mean((1, 3), dtype=np.float32)
    return silhouette.ravel(), _gradients(pixels.light)


def _gradients(values: Floats) -> Floats:
    """float32 [CELLS * CELLS * DIRECTIONS]; strong ones are clipped, so that no single edge says all."""
    down, right = np.zeros_like(values), np.zeros_like(values)
    down[1:-1] = values[2:] - values[:-2]
    right[:, 1:-1] = values[:, 2:] - values[:, :-2]
    strength = np.sqrt(down * down + right * right).ravel()
    turn = (np.arctan2(down, right).ravel() / np.float32(np.pi) * DIRECTIONS) % DIRECTIONS
    low = np.minimum(turn.astype(np.int64), DIRECTIONS - 1)
    part = turn - low
    first = _cell_of_pixel() * DIRECTIONS
    hist = np.bincount(first + low, strength * (1 - part), CELLS * CELLS * DIRECTIONS)
    hist += np.bincount(first + (low + 1) % DIRECTIONS, strength * part, len(hist))
    length = np.sqrt((hist * hist).sum()) + 1e-6
    return np.minimum(hist / length, CLIPPED).astype(np.float32)


def _cell_of_pixel() -> Array:
    place = np.arange(SIDE) // (SIDE // CELLS)
    return np.add.outer(place * CELLS, place).ravel()
