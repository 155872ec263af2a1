"""Pictures as numbers, without drawing them: what a good image encoder would make of them."""

import numpy as np

from winnow.data.shop.items import Items
from winnow.data.shop.lexicon import COLOURS, MATERIALS, PATTERNS
from winnow.data.shop.seeds import stream
from winnow.schema.column import Array, Floats

PICTURE_WIDTH = 16
VECTORS = len(("titles", "descriptions", "looks"))
"""Place of the draws in the stream of looks, behind those of `RowDraws`."""
NOISE = 0.1


def picture_vectors(items: Items, seed: int) -> Floats:
    """float32 [I, 16]: colour, material, pattern and shade, with a little noise.

    Each has directions of its own, so that all four can be read back: colours and materials are the two ends of axes,
    patterns the corners of a simplex, shade a line. Seeds differ in how all of that is turned.

    Args:
        items: the items.
        seed: of the shop.
    """
    draw = stream(seed, "looks", VECTORS)
    turn = np.linalg.qr(draw.normal(size=(PICTURE_WIDTH, PICTURE_WIDTH)))[0].astype(np.float32)
    colours, materials, patterns = _axes(len(COLOURS)), _axes(len(MATERIALS)), _simplex(len(PATTERNS))
    shade = turn[-1:]
    rest = np.split(turn[:-1], np.cumsum([colours.shape[1], materials.shape[1]]))
    vectors = draw.standard_normal((len(items), PICTURE_WIDTH), np.float32)
    vectors *= NOISE
    vectors += (colours @ rest[0])[items.colour]
    vectors += (materials @ rest[1])[items.material]
    vectors += (patterns @ rest[2])[items.pattern]
    vectors += items.shade[:, None] * shade
    return vectors


def _axes(number: int) -> Array:
    """float32 [number, number / 2]: both ends of each axis."""
    half = np.eye(number // 2, dtype=np.float32)
    return np.concatenate([half, -half])


def _simplex(number: int) -> Array:
    """float32 [number, number - 1]: unit vectors, each as far from any other."""
    corners = np.eye(number) - 1 / number
    flat = corners @ np.linalg.svd(corners)[2][: number - 1].T
    return (flat / np.linalg.norm(flat, axis=1, keepdims=True)).astype(np.float32)
