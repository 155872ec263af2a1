"""What pattern and what grain an item has."""

from functools import cache

import numpy as np

from winnow.features.encoders.picture_pixels import SIDE, PicturePixels
from winnow.schema.column import Array, Floats

TILE, STEP = 32, 16
FEW = 5.0
"""Pixels of item below which a tile says nothing; one that is all item has 272 under the window."""
RINGS = (1.5, 2.5, 3.25, 4.0, 5.0, 6.25, 8.0, 10.5, 14.0)
"""Cycles a tile, the middles of bands of frequency."""
DIRECTIONS = 12
RADII = (1, 2, 4)
NOISE = 0.02
"""A neighbour counts as lighter from that difference on."""
AROUND = ((0, 1), (0.7, 0.7), (1, 0), (0.7, -0.7), (0, -1), (-0.7, -0.7), (-1, 0), (-0.7, 0.7))


def texture_statistics(pixels: PicturePixels) -> tuple[Floats, ...]:
    """Energies by frequency and direction, the same whatever the direction, local binary patterns, and contrast.

    Source:
        Ojala, Pietikainen, Maenpaa: Multiresolution gray-scale and rotation invariant texture classification with
        local binary patterns, 2002.
    """
    power = _power(pixels)
    bands = np.einsum("rdf,f->rd", _bands(), power)
    total = bands.sum() + 1e-9
    shares = np.sqrt(bands / total)
    turned = np.abs(np.fft.rfft(bands, axis=1)) / total
    strength = np.log1p(bands.sum(axis=1) * 3e3) / 8
    return (
        shares.ravel().astype(np.float32),
        np.sqrt(turned).ravel().astype(np.float32),
        strength.astype(np.float32),
        _binary_patterns(pixels),
        _contrast(pixels),
    )


def _power(pixels: PicturePixels) -> Floats:
    """float32 [TILE * (TILE / 2 + 1)], mean energy of tiles at each frequency, where the item is."""
    weight = _tiles(pixels.inner) * _window()
    mass = weight.sum((1, 2), keepdims=True)
    there = mass.ravel() > FEW
    light, weight, mass = _tiles(pixels.light)[there], weight[there], mass[there]
    mean = (light * weight).sum((1, 2), keepdims=True) / mass
    spectra = np.fft.rfft2((light - mean) * weight)
    power = spectra.real**2 + spectra.imag**2
    return (power.sum(0) / ((weight**2).sum() * _window().sum() + 1e-6)).astype(np.float32).ravel()


def _tiles(values: Floats) -> Array:
    """float32 [tiles, TILE, TILE], half over one another."""
    tiles = np.lib.stride_tricks.sliding_window_view(values, (TILE, TILE))[::STEP, ::STEP]
    return tiles.reshape(-1, TILE, TILE)


@cache
def _window() -> Floats:
    one = np.hanning(TILE + 2)[1:-1]
    return np.outer(one, one).astype(np.float32)


@cache
def _bands() -> Floats:
    """float32 [RINGS, DIRECTIONS, frequencies], how much of a frequency belongs where."""
    down, right = np.meshgrid(np.fft.fftfreq(TILE) * TILE, np.fft.rfftfreq(TILE) * TILE, indexing="ij")
    radius, angle = np.hypot(down, right).ravel(), np.arctan2(down, right).ravel() / np.pi * DIRECTIONS
    ring = np.interp(np.log(np.maximum(radius, 0.1)), np.log(RINGS), np.arange(len(RINGS)), left=-9, right=99)
    of_ring = np.maximum(1 - np.abs(ring - np.arange(len(RINGS))[:, None]), 0)
    turn = np.abs((angle - np.arange(DIRECTIONS)[:, None] + DIRECTIONS / 2) % DIRECTIONS - DIRECTIONS / 2)
    bands = of_ring[:, None] * np.maximum(1 - turn, 0)
    return bands.astype(np.float32)


def _binary_patterns(pixels: PicturePixels) -> Floats:
    """float32 [RADII * 10], shares of the ten kinds of neighbourhood at each radius."""
    weight = pixels.inner.ravel() + np.float32(1e-4) * pixels.item.ravel()
    hists = [np.bincount(_kinds(pixels.light, radius), weight, 10) / weight.sum() for radius in RADII]
    return np.sqrt(np.concatenate(hists)).astype(np.float32)


def _kinds(light: Floats, radius: int) -> Array:
    """uint8 [SIDE * SIDE]: number of lighter neighbours in a row of them, or 9 for all else."""
    padded = np.pad(light, radius, mode="edge")
    limit, code = light + np.float32(NOISE), np.zeros((SIDE, SIDE), np.uint8)
    for bit, (down, right) in enumerate(AROUND):
        y, x = radius + round(down * radius), radius + round(right * radius)
        code += (padded[y : y + SIDE, x : x + SIDE] > limit).view(np.uint8) * np.uint8(1 << bit)
    return _kind_of_code()[code.ravel()]


@cache
def _kind_of_code() -> Array:
    bits = np.arange(256)[:, None] >> np.arange(8) & 1
    changes = (bits != np.roll(bits, 1, axis=1)).sum(1)
    return np.where(changes <= 2, bits.sum(1), 9).astype(np.uint8)


def _contrast(pixels: PicturePixels) -> Floats:
    """float32 [17], how lightness is spread around what is around."""
    tiles = pixels.light.reshape(8, 16, 8, 16)
    weight = pixels.inner.reshape(8, 16, 8, 16) + np.float32(1e-4) * pixels.item.reshape(8, 16, 8, 16)
    mean = (tiles * weight).sum((1, 3), keepdims=True) / weight.sum((1, 3), keepdims=True)
    apart = (tiles - mean).ravel()
    place = np.sign(apart) * np.sqrt(np.abs(apart)) * 10 + 8
    low = np.clip(place.astype(np.int64), 0, 15)
    part, weights = np.clip(place - low, 0, 1), weight.ravel() / weight.sum()
    hist = np.bincount(low, weights * (1 - part), 17) + np.bincount(low + 1, weights * part, 17)
    return np.sqrt(hist).astype(np.float32)
