"""Draws an item as it would stand in a shop: on a pale ground, with soft light and a shadow."""

import io
from functools import cache

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from winnow.data.shop.fabric import SIZE, SURFACES, Surface, fabric, tone
from winnow.data.shop.lexicon import CATEGORIES, CATEGORY_OF_STYLE, MATERIALS
from winnow.data.shop.look import Look
from winnow.data.shop.outline import WIDTH, Part, outline
from winnow.schema.column import Array, Floats

OVERSAMPLING = 2
PIXELS = SIZE * OVERSAMPLING / WIDTH
"""Of the drawing board, for a unit of the sheet."""
FILLED, VARIETY = 0.78, 0.04
"""Share of the picture's side that an item takes, and how far items of a style are from it."""
EDGE = 0.5
"""Half the width of the line around an area or a stroke, in units of the sheet."""
NEUTRAL = {
    "metal": (196, 200, 206),
    "wood": (203, 160, 112),
    "paper": (248, 245, 238),
    "dark": (62, 60, 66),
    "glow": (255, 230, 170),
    "leaf": (104, 158, 98),
    "sky": (208, 226, 238),
}
NOTHING, ITEM, FABRIC = 0, 1, 2
EDGED = 1.5
"""Strokes wider than that have a line on either side."""
PLAIN = {"ink", "glow", "sky"}
"""Paints without a line around them."""
GROUNDS = ("f6f3ee", "f0f2f5", "f6f2f1", "f3f3f1")
LYING = {"jackets", "dresses", "shirts", "jewelry", "watches", "textiles", "stationery"}
LIGHT = (-0.55, -0.83)
"""From where it comes, right and down."""


def draw_picture(look: Look) -> bytes:
    """A PNG file of SIZE by SIZE pixels.

    Args:
        look: of the item.
    """
    board = _Board(look)
    for part in outline(look.style):
        board.draw(part)
    picture = _lit(board, look)
    out = io.BytesIO()
    Image.fromarray(picture).save(out, "PNG", compress_level=2)
    return out.getvalue()


class _Board:
    """A drawing larger than the picture; the fourth channel says whether there is nothing, an item, or its fabric."""

    def __init__(self, look: Look) -> None:
        side = SIZE * OVERSAMPLING
        self._place = _placing(look.seed)
        self._paints = _paints(look)
        self._sheet = Image.new("RGBX", (side, side), (*self._paints["body"], NOTHING))
        self._pen = ImageDraw.Draw(self._sheet)

    def draw(self, part: Part) -> None:
        points = (part.points @ self._place[:2] + self._place[2]) * PIXELS
        path, paint = [(x, y) for x, y in points.tolist()], self._paints[part.paint]
        ink = (*paint, FABRIC if part.paint == "body" else ITEM)
        width, line = part.width * PIXELS, EDGE * PIXELS
        if part.paint not in PLAIN and (not width or part.width > EDGED):
            dark = (*(each * 5 // 9 for each in paint), ITEM)
            self._stroke(path if width else [*path, *path[:2]], dark, width + 2 * line)
        if width:
            self._stroke(path, ink, width)
        else:
            self._pen.polygon(path, ink)

    def _stroke(self, path: list[tuple[float, float]], ink: tuple[int, ...], width: float) -> None:
        r = width / 2
        fine = width < 10 and len(path) > 20
        self._pen.line(path, ink, round(width), joint=None if fine else "curve")
        for x, y in (path[0], path[-1]):
            self._pen.ellipse((x - r, y - r, x + r, y + r), ink)

    def shrunk(self) -> tuple[Image.Image, Image.Image, Image.Image]:
        """Colours, fabric and presence at the size of the picture."""
        kind = self._sheet.getchannel("X")
        body, there = kind.point([255 * (each == FABRIC) for each in range(256)]), kind.point([0] + 255 * [255])
        return self._sheet.reduce(OVERSAMPLING).convert("RGB"), body.reduce(OVERSAMPLING), there.reduce(OVERSAMPLING)


def _paints(look: Look) -> dict[str, tuple[int, ...]]:
    body = tone(look.colour, look.shade)
    own = {"body": body, "trim": body * 0.72, "pale": body + (1 - body) * 0.42, "ink": body * 0.42}
    return {name: tuple(int(255 * each) for each in rgb) for name, rgb in own.items()} | NEUTRAL


def _placing(seed: int) -> Array:
    """float64 [3, 2]: items of a style differ a little in size and tilt."""
    wide, tall, tilt = ((seed >> bits) % 256 / 127.5 - 1 for bits in (0, 8, 16))
    turn = np.radians(2.2 * tilt)
    sizes = FILLED * (1 + VARIETY * np.array([wide, tall]))
    matrix = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]]) * sizes[:, None]
    centre = np.array([WIDTH / 2, WIDTH / 2])
    return np.concatenate([matrix, [centre - centre @ matrix]])


def _lit(board: _Board, look: Look) -> Array:
    """uint8 [SIZE, SIZE, 3]; one colour after the other until then, which is far quicker."""
    colours, body, there = board.shrunk()
    surface = SURFACES[MATERIALS[look.material]]
    shown = _unit(body)
    item = np.stack([_unit(band) for band in colours.split()])
    item += (fabric(look) - item) * shown
    _shade(item, there, shown, surface)
    presence = _unit(there) * (1 - (1 - surface.opacity) * shown)
    scene = _ground(look.seed // 7 % len(GROUNDS)) * (1 - _shadow(there, look))
    scene += (item - scene) * presence
    scene *= 255
    return np.ascontiguousarray(np.clip(scene, 0, 255, out=scene).astype(np.uint8).transpose(1, 2, 0))


def _shade(item: Floats, there: Image.Image, shown: Floats, surface: Surface) -> None:
    """Light on the slopes at the edges, as if the item were a cushion, and a reflection across what shines."""
    soft = _blurred(there, 9)
    down, right = np.gradient(soft)
    towards = -(LIGHT[0] * right + LIGHT[1] * down)
    item *= 1 + surface.relief * np.clip(towards, -0.09, 0.05)
    if surface.gloss:
        shine = surface.gloss * (_streak() * soft + 6 * np.clip(towards - 0.02, 0, 0.06))
        item += (1 - item) * (shine * (0.25 + 0.75 * shown))


@cache
def _streak() -> Floats:
    """float32 [SIZE, SIZE], a window's reflection."""
    down, right = np.mgrid[:SIZE, :SIZE] / SIZE
    across = right + 0.55 * down
    bands = np.exp(-(((across - 0.52) / 0.045) ** 2)) + 0.6 * np.exp(-(((across - 0.64) / 0.018) ** 2))
    return (0.55 * bands).astype(np.float32)


def _shadow(there: Image.Image, look: Look) -> Array:
    """float32 [SIZE, SIZE] from 0 to 1, how much light is taken from the ground."""
    lying = CATEGORIES[CATEGORY_OF_STYLE[look.style]] in LYING
    box = there.getbbox()
    if lying or box is None:
        return 0.34 * np.roll(_blurred(there, 7), (7, 4), (0, 1))
    left, _, right, bottom = box
    floor = Image.new("L", there.size)
    ImageDraw.Draw(floor).ellipse((left - 4, bottom - 11, right + 4, bottom + 9), 255)
    return 0.12 * np.roll(_blurred(there, 9), (5, 3), (0, 1)) + 0.30 * _blurred(floor, 6)


def _blurred(mask: Image.Image, radius: int) -> Array:
    small = mask.reduce(2).filter(ImageFilter.BoxBlur(radius / 2)).filter(ImageFilter.BoxBlur(radius / 2))
    return _unit(small.resize(mask.size, Image.Resampling.BILINEAR))


def _unit(image: Image.Image) -> Array:
    return np.asarray(image, np.float32) / 255


@cache
def _ground(code: int) -> Floats:
    """float32 [3, SIZE, SIZE], paler above than below, and a little darker in the corners."""
    rgb = np.frombuffer(bytes.fromhex(GROUNDS[code]), np.uint8).astype(np.float32) / 255
    down, right = np.mgrid[:SIZE, :SIZE] / SIZE - 0.5
    light = 1.015 - 0.035 * (down + 0.5) - 0.07 * (down**2 + right**2)
    return np.minimum(rgb[:, None, None] * light, 1).astype(np.float32)
