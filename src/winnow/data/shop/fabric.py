"""Colour, pattern and surface of an item, as it lies flat before it is cut to its outline."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

import numpy as np

from winnow.data.shop.lexicon import COLOURS, MATERIALS, PATTERNS
from winnow.data.shop.look import Look
from winnow.schema.column import Array, Floats

SIZE = 320
"""Pixels of a picture's side."""
VARIANTS = 4
TONES = {
    "red": ("8a1a20", "cf3a35", "f08f84"),
    "orange": ("b04f0c", "ea8128", "f9bc80"),
    "yellow": ("b48608", "efc832", "fae79c"),
    "green": ("1c5530", "4a9a57", "a6d6a4"),
    "teal": ("0a4f4d", "1f9490", "94d7d1"),
    "blue": ("174a9c", "3b82d6", "a2ccf5"),
    "navy": ("0f1a3c", "25356f", "5b6bab"),
    "purple": ("45206c", "8450b3", "c6a9e3"),
    "pink": ("b43069", "e8739f", "f9c2d5"),
    "brown": ("462a19", "85563a", "c29a7c"),
    "grey": ("5c6066", "94999f", "ccd0d4"),
    "black": ("0d0e11", "26282c", "505358"),
}
"""Dark, middle and light, in hexadecimal RGB."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surface:
    """How a material takes the light.

    Attributes:
        relief: how much edges catch it.
        gloss: how bright its reflections are.
        opacity: from 0 to 1.
    """

    relief: float
    gloss: float = 0.0
    opacity: float = 1.0


SURFACES: Mapping[str, Surface] = MappingProxyType(
    {
        "leather": Surface(relief=3.4, gloss=0.22),
        "cotton": Surface(relief=2.2),
        "oak": Surface(relief=2.6, gloss=0.06),
        "steel": Surface(relief=4.2, gloss=0.55),
        "glass": Surface(relief=3.0, gloss=0.75, opacity=0.78),
        "linen": Surface(relief=1.8),
        "ceramic": Surface(relief=3.8, gloss=0.45),
        "wool": Surface(relief=2.8),
    }
)


def tone(colour: int, shade: float) -> Floats:
    """float32 [3], RGB from 0 to 1 of a colour from dark (-1) to light (1)."""
    dark, middle, light = (np.frombuffer(bytes.fromhex(each), np.uint8) / 255 for each in TONES[COLOURS[colour]])
    end = dark if shade < 0 else light
    return (middle + (end - middle) * min(abs(shade), 1.0)).astype(np.float32)


def fabric(look: Look) -> Array:
    """float32 [3, SIZE, SIZE], RGB from 0 to 1: tone, pattern and texture of a look."""
    ground, grain = tone(look.colour, look.shade), texture(look.material)
    printed = grain * pattern(look.pattern, look.seed % VARIANTS)
    contrast = _figure_tone(ground) - ground
    return grain * ground[:, None, None] + printed * contrast[:, None, None]


def _figure_tone(ground: Array) -> Array:
    """What shows on the ground: near white on a dark one, deep on a bright one."""
    bright = ground @ np.array([0.3, 0.59, 0.11], np.float32)
    return ground + (0.97 - ground) * 0.72 if bright < 0.55 else ground * ground * 0.55


@cache
def pattern(code: int, variant: int) -> Floats:
    """float32 [SIZE, SIZE], how much of the second tone shows, from 0 to 1.

    Args:
        code: of the pattern.
        variant: from 0 up to VARIANTS, a size and a direction.
    """
    scale = (1.0, 1.25, 0.85, 1.1)[variant]
    turn = np.radians((0, 90, 45, -30)[variant])
    down, right = np.mgrid[:SIZE, :SIZE] / scale
    x, y = right * np.cos(turn) + down * np.sin(turn), down * np.cos(turn) - right * np.sin(turn)
    return PRINTS[PATTERNS[code]](x, y).astype(np.float32)


def _solid(x: Array, y: Array) -> Array:
    return np.zeros_like(x + y)


def _stripes(x: Array, y: Array) -> Array:
    return _within(_from_grid(x, 20), 4.5) + 0 * y


def _dots(x: Array, y: Array) -> Array:
    row = np.round(y / 15)
    return _within(np.hypot(_from_grid(x + 9 * (row % 2), 18), y - 15 * row), 4.2)


def _checks(x: Array, y: Array) -> Array:
    return 0.5 * (_within(_from_grid(x, 24), 6) + _within(_from_grid(y, 24), 6))


def _waves(x: Array, y: Array) -> Array:
    return _within(_from_grid(y + 4.5 * np.sin(x / 5.5), 19), 3.2)


def _speckles(x: Array, y: Array) -> Array:
    place = (np.floor(y / 8).astype(int) % 64, np.floor(x / 8).astype(int) % 64)
    draw = np.random.default_rng(7)
    across, down = (draw.uniform(2.4, 5.6, (64, 64))[place] for _ in range(2))
    return _within(np.hypot(x % 8 - across, y % 8 - down), draw.uniform(-0.8, 2.4, (64, 64))[place])


def _from_grid(x: Array, step: float) -> Array:
    return np.abs((x + step / 2) % step - step / 2)


def _within(distance: Array, limit: Array | float) -> Array:
    """1 inside, 0 outside, with a soft edge of a pixel."""
    return np.clip(limit - distance + 0.5, 0, 1)


PRINTS: Mapping[str, Callable[[Array, Array], Array]] = MappingProxyType(
    {
        "solid": _solid,
        "stripes": _stripes,
        "dots": _dots,
        "checks": _checks,
        "waves": _waves,
        "speckles": _speckles,
    }
)


@cache
def texture(material: int) -> Floats:
    """float32 [SIZE, SIZE] around 1, what the surface of a material does to its tone.

    Args:
        material: code.
    """
    draw = np.random.default_rng(material)
    down, right = np.mgrid[:SIZE, :SIZE].astype(float)
    return (1 + TEXTURES[MATERIALS[material]](right, down, draw)).astype(np.float32)


def _leather(x: Array, y: Array, draw: np.random.Generator) -> Array:
    return 0.10 * _noise(draw, 2, 2) + 0.06 * _noise(draw, 16, 16)


def _cotton(x: Array, y: Array, draw: np.random.Generator) -> Array:
    return 0.03 * np.sin(x * 2.1) * np.sin(y * 2.1) + 0.03 * _noise(draw, 24, 24)


def _oak(x: Array, y: Array, draw: np.random.Generator) -> Array:
    bend = 26 * _noise(draw, 60, 24)
    return 0.11 * np.sin((y + bend) / 2.6) * (0.6 + 0.4 * _noise(draw, 90, 8)) + 0.05 * _noise(draw, 30, 1)


def _steel(x: Array, y: Array, draw: np.random.Generator) -> Array:
    return 0.06 * _noise(draw, 60, 1) + 0.16 * np.sin((x + y * 0.3) / 24)


def _glass(x: Array, y: Array, draw: np.random.Generator) -> Array:
    return 0.10 * np.sin((x + y) / 40) + 0.02 * _noise(draw, 80, 80)


def _linen(x: Array, y: Array, draw: np.random.Generator) -> Array:
    return 0.10 * _noise(draw, 14, 1) + 0.10 * _noise(draw, 1, 14)


def _ceramic(x: Array, y: Array, draw: np.random.Generator) -> Array:
    return 0.05 * _noise(draw, 40, 40) - 0.06 * (y / SIZE - 0.5)


def _wool(x: Array, y: Array, draw: np.random.Generator) -> Array:
    stitch = np.sin((y + 2.2 * np.abs((x % 7) - 3.5)) * 1.1) * (0.7 + 0.3 * np.cos(x / 7 * 2 * np.pi))
    return 0.11 * stitch + 0.06 * _noise(draw, 2, 2)


def _noise(draw: np.random.Generator, across: int, down: int) -> Array:
    """[SIZE, SIZE] smooth noise of unit deviation, as large as `across` by `down` pixels."""
    rows, columns = SIZE // down + 2, SIZE // across + 2
    coarse = draw.normal(size=(rows, columns))
    ys, xs = np.arange(SIZE) / down, np.arange(SIZE) / across
    tall = np.stack([np.interp(ys, np.arange(rows), column) for column in coarse.T], 1)
    wide = np.stack([np.interp(xs, np.arange(columns), row) for row in tall], 0)
    return wide / wide.std()


TEXTURES: Mapping[str, Callable[[Array, Array, np.random.Generator], Array]] = MappingProxyType(
    {
        "leather": _leather,
        "cotton": _cotton,
        "oak": _oak,
        "steel": _steel,
        "glass": _glass,
        "linen": _linen,
        "ceramic": _ceramic,
        "wool": _wool,
    }
)
