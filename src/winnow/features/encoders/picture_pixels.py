"""A small square copy of a picture, and which of it is the item."""

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageFilter

from winnow.schema.column import Array, Floats

SIDE = 128
"""Pixels of the copy's side."""
FAINT, CLEAR = 0.035, 0.14
"""Distances from the ground's colour, of 1 for black on white: below the first is ground, above the second is item."""
SHADOW = 0.5
"""What darkness counts when all of the difference is that: shadows lie on most grounds."""
FLOOR = 0.01
"""Weight of the ground, so that a picture of nothing but ground has colours too."""
INNER = 3
"""Pixels from an edge to where a pattern is read."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PicturePixels:
    """What all statistics start from.

    Attributes:
        rgb: uint8 [SIDE, SIDE, 3]; what lies beside an oblong picture has the colour of its ground.
        light: float32 [SIDE, SIDE], luma from 0 to 1.
        item: float32 [SIDE, SIDE] from FLOOR to 1, how much a pixel is of the item.
        inner: float32 [SIDE, SIDE] from 0 to 1, how much it is away from the item's edges.
    """

    rgb: Array
    light: Floats
    item: Floats
    inner: Floats


def picture_pixels(image: Image.Image) -> PicturePixels:
    """Shrink or enlarge a picture to the square and tell item from ground.

    The ground is taken to have the colour that the picture has at its border, as pictures in shops do. Without such a
    ground the item is whatever differs from the border.

    Args:
        image: in mode RGB.
    """
    scale = SIDE / max(image.size)
    wide, tall = (max(1, round(each * scale)) for each in image.size)
    shrunk = np.asarray(image.resize((wide, tall), Image.Resampling.BILINEAR, reducing_gap=2.0))
    ground = _ground(shrunk)
    rgb = np.empty((SIDE, SIDE, 3), np.uint8)
    rgb[:] = ground
    down, right = (SIDE - tall) // 2, (SIDE - wide) // 2
    rgb[down : down + tall, right : right + wide] = shrunk
    item = _item(rgb, ground)
    return PicturePixels(rgb=rgb, light=_light(rgb), item=np.maximum(item, FLOOR), inner=_inner(item))


def _ground(rgb: Array) -> Array:
    """uint8 [3], the median along the four sides."""
    sides = (rgb[:2], rgb[-2:], rgb[:, :2], rgb[:, -2:])
    border = np.concatenate([side.reshape(-1, 3) for side in sides])
    return np.median(border, axis=0).astype(np.uint8)


def _item(rgb: Array, ground: Array) -> Floats:
    difference = (rgb.astype(np.float32) - ground) / np.float32(255 * 3**0.5)
    axis = ground.astype(np.float32) + 1
    axis /= np.sqrt(np.sum(axis * axis))
    darkness = difference[..., 0] * axis[0] + difference[..., 1] * axis[1] + difference[..., 2] * axis[2]
    squares = difference[..., 0] ** 2 + difference[..., 1] ** 2 + difference[..., 2] ** 2
    distance = np.sqrt(np.maximum(squares - (1 - SHADOW**2) * darkness**2, 0))
    return np.clip((distance - FAINT) / (CLEAR - FAINT), 0, 1).astype(np.float32)


def _light(rgb: Array) -> Floats:
    return np.asarray(Image.fromarray(rgb).convert("L"), np.float32) / np.float32(255)


def _inner(item: Floats) -> Floats:
    mask = Image.fromarray((item * 255).astype(np.uint8)).filter(ImageFilter.BoxBlur(INNER))
    return np.clip((np.asarray(mask, np.float32) / 255 - 0.8) / 0.2, 0, 1).astype(np.float32)
