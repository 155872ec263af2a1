"""Which colours an item has, and where."""

import numpy as np

from winnow.features.encoders.picture_pixels import SIDE, PicturePixels
from winnow.schema.column import Array, Floats

HUES, CHROMAS, LIGHTS = 16, 3, 8
GRID = 4
STRONG = 0.16
"""Chroma from which on a colour is as strong as can be told."""
GREY = 0.035
"""Chroma at which a colour is half grey: its hue says little."""
LEVELS = 32
_TO_CONES = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)


def colour_statistics(pixels: PicturePixels) -> tuple[Floats, ...]:
    """Histograms of hue, chroma and lightness, of lightness alone, and mean colours on a grid.

    Source:
        Ottosson: A perceptual color space for image processing, 2020.
    """
    codes = _codes(pixels.rgb)
    lab, shares = _palette(codes, pixels.item)
    joint = _joint(lab, shares)
    return joint, _soft(lab[:, 0] * 15, shares, 16), _sharpened(joint), _places(codes, pixels.item)


def _codes(rgb: Array) -> Array:
    """int64 [SIDE * SIDE], colours in LEVELS steps a channel."""
    steps = (rgb // (256 // LEVELS)).astype(np.int64).reshape(-1, 3)
    return (steps[:, 0] * LEVELS + steps[:, 1]) * LEVELS + steps[:, 2]


def _palette(codes: Array, item: Floats) -> tuple[Array, Array]:
    """The distinct colours as Oklab [n, 3], and the share of the item that each takes."""
    shares = np.bincount(codes, item.ravel(), LEVELS**3)
    there = np.flatnonzero(shares)
    return oklab(there), shares[there] / shares.sum()


def oklab(codes: Array) -> Array:
    """float64 [n, 3]: lightness from 0 to 1, and two opponent axes."""
    steps = np.stack([codes // LEVELS**2, codes // LEVELS % LEVELS, codes % LEVELS], 1)
    rgb = (steps + 0.5) / LEVELS
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    return np.einsum("ij,nj->ni", _TO_LAB, np.cbrt(np.einsum("ij,nj->ni", _TO_CONES, linear)))


def _joint(lab: Array, shares: Array) -> Floats:
    """float32 [HUES * CHROMAS * LIGHTS + LIGHTS]: the last LIGHTS are greys."""
    chroma = np.hypot(lab[:, 1], lab[:, 2])
    coloured = chroma**2 / (chroma**2 + GREY**2)
    hue = np.arctan2(lab[:, 2], lab[:, 1]) / (2 * np.pi) * HUES
    places = (hue, np.minimum(chroma / STRONG, 1) * (CHROMAS - 1), lab[:, 0] * (LIGHTS - 1))
    hist = np.zeros(HUES * CHROMAS * LIGHTS)
    for corner in range(8):
        code, weight = np.zeros(len(lab), np.int64), shares * coloured
        for axis, (place, size) in enumerate(zip(places, (HUES, CHROMAS, LIGHTS), strict=True)):
            low = np.floor(place)
            up = corner >> axis & 1
            at = low.astype(np.int64) + up
            at = at % HUES if axis == 0 else np.clip(at, 0, size - 1)
            code = code * size + at
            weight = weight * (place - low if up else 1 - place + low)
        hist += np.bincount(code, weight, len(hist))
    greys = _soft(lab[:, 0] * (LIGHTS - 1), shares * (1 - coloured), LIGHTS)
    return np.concatenate([hist, greys]).astype(np.float32)


def _soft(place: Array, weights: Array, size: int) -> Floats:
    """float32 [size], a histogram in which each value counts in the two bins around it."""
    low = np.clip(place.astype(np.int64), 0, size - 2)
    part = np.clip(place - low, 0, 1)
    hist = np.bincount(low, weights * (1 - part), size) + np.bincount(low + 1, weights * part, size)
    return hist.astype(np.float32)


def _sharpened(hist: Floats) -> Floats:
    """What there is most of, almost alone."""
    return hist**3 / max(float((hist**3).sum()), 1e-12)


def _places(codes: Array, item: Floats) -> Floats:
    """float32 [GRID * GRID * 4]: share of item in each cell, and its mean colour times that."""
    there, which = np.unique(codes, return_inverse=True)
    lab = oklab(there)[which] - (0.6, 0, 0)
    cells = _cells(item)
    sums = [cells] + [_cells(item * lab[:, axis].reshape(SIDE, SIDE).astype(np.float32) * 4) for axis in range(3)]
    return np.concatenate(sums)


def _cells(values: Floats) -> Floats:
    return values.reshape(GRID, SIDE // GRID, GRID, SIDE // GRID).mean((1, 3), dtype=np.float32).ravel()
