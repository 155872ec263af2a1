"""Which colours an item has, and where."""

from functools import cache
from itertools import product

import numpy as np

from winnow.features.encoders.picture_pixels import SIDE, PicturePixels
from winnow.schema.column import Array, Floats

HUES, CHROMAS, LIGHTS = 24, 3, 8
GRID = 4
STRONG = 0.16
"""Chroma from which on a colour is as strong as can be told."""
GREY = 0.035
"""Chroma at which a colour is half grey: its hue says little."""
LEVELS = 32
AT_EDGES = 0.1
"""Weight of edges, where colours mix."""
STEEP = 100
"""How much small shares count beside large ones."""
MIDDLE, SPREAD = np.array([0.6, 0, 0], np.float32), 4
"""Of Oklab: what counts as no colour at all, and what brings differences to about 1."""
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
    """A histogram of hue, chroma and lightness, and mean colours on a grid.

    Source:
        Ottosson: A perceptual color space for image processing, 2020.
    """
    codes = _codes(pixels.rgb)
    lab, shares = _palette(codes, pixels.item * (pixels.inner + np.float32(AT_EDGES)))
    return np.log1p(_histogram(lab, shares) * STEEP), _places(codes, pixels.item)


def _codes(rgb: Array) -> Array:
    """int64 [SIDE * SIDE], colours in LEVELS steps a channel."""
    steps = (rgb // (256 // LEVELS)).astype(np.int64).reshape(-1, 3)
    return (steps[:, 0] * LEVELS + steps[:, 1]) * LEVELS + steps[:, 2]


def _palette(codes: Array, item: Array) -> tuple[Array, Array]:
    """The distinct colours as Oklab [n, 3], and the share of the item that each takes."""
    shares = np.bincount(codes, item.ravel(), LEVELS**3)
    there = np.flatnonzero(shares)
    return _lab_of_codes()[there], shares[there] / shares.sum()


@cache
def _lab_of_codes() -> Floats:
    """float32 [LEVELS ** 3, 3], Oklab: lightness from 0 to 1, and two opponent axes."""
    steps = np.indices((LEVELS, LEVELS, LEVELS)).reshape(3, -1).T
    rgb = (steps + 0.5) / LEVELS
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    return np.einsum("ij,nj->ni", _TO_LAB, np.cbrt(np.einsum("ij,nj->ni", _TO_CONES, linear))).astype(np.float32)


def _histogram(lab: Array, shares: Array) -> Floats:
    """float32 [HUES * CHROMAS * LIGHTS + LIGHTS]; the last LIGHTS are greys, which have no hue."""
    chroma = np.hypot(lab[:, 1], lab[:, 2])
    coloured = chroma**2 / (chroma**2 + GREY**2)
    hue = np.arctan2(lab[:, 2], lab[:, 1]) / (2 * np.pi) * HUES % HUES
    strength, light = np.minimum(chroma / STRONG, 1) * (CHROMAS - 1), lab[:, 0] * (LIGHTS - 1)
    hist = np.zeros(HUES * CHROMAS * LIGHTS)
    for (a, u), (b, v), (c, w) in product(_halves(hue), _halves(strength), _halves(light)):
        code = (a % HUES * CHROMAS + np.minimum(b, CHROMAS - 1)) * LIGHTS + np.clip(c, 0, LIGHTS - 1)
        hist += np.bincount(code, shares * coloured * u * v * w, len(hist))
    greys = np.zeros(LIGHTS)
    for c, w in _halves(light):
        greys += np.bincount(np.clip(c, 0, LIGHTS - 1), shares * (1 - coloured) * w, LIGHTS)
    return np.concatenate([hist, greys]).astype(np.float32)


def _halves(place: Array) -> tuple[tuple[Array, Array], ...]:
    """The two bins around each value, with what each gets of it, so that a small step changes little."""
    low = np.floor(place)
    part = place - low
    return (low.astype(np.int64), 1 - part), (low.astype(np.int64) + 1, part)


def _places(codes: Array, item: Floats) -> Floats:
    """float32 [GRID * GRID * 4]: share of item in each cell, and its mean colour times that."""
    lab = _lab_of_codes()[codes].reshape(SIDE, SIDE, 3)
    return np.concatenate(
        [_cells(item), *(_cells(item * axis) for axis in ((lab - MIDDLE) * SPREAD).transpose(2, 0, 1))]
    )


def _cells(values: Floats) -> Floats:
    return values.reshape(GRID, SIDE // GRID, GRID, SIDE // GRID).mean((1, 3), dtype=np.float32).ravel()
