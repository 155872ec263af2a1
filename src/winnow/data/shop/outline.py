"""What an item of a style looks like, as painted areas and strokes on a sheet of 100 by 100.

Outlines are text, a part per line: paint, kind, numbers. x goes right and y goes down.

    poly x y ...             area with corners          blob x y ...             area with a soft edge, `!` for a corner
    ell x y rx ry [degrees]  ellipse                    box x0 y0 x1 y1 r        rectangle with round corners
    dot x y r                disc                       line w x y ...           stroke
    wire w x y ...           smooth stroke              ring x y rx ry w         ellipse as a stroke
    frame x0 y0 x1 y1 w      rectangle as a stroke      arc x y rx ry from to w  part of an ellipse as a stroke
    beads x y rx ry n r      n discs on an ellipse      ticks x y r0 r1 n w      n strokes around a centre
    comb x0 x1 n y0 y1 w     n strokes side by side

After the kind, `=` joins the points with their mirror image at x = 50, and `*` draws part and mirror image.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, partial
from types import MappingProxyType

import numpy as np

from winnow.data.shop.lexicon import STYLE_NAMES
from winnow.data.shop.shapes_carried import CARRIED
from winnow.data.shop.shapes_home import HOME
from winnow.data.shop.shapes_kitchen import KITCHEN
from winnow.data.shop.shapes_leisure import LEISURE
from winnow.data.shop.shapes_personal import PERSONAL
from winnow.data.shop.shapes_worn import WORN
from winnow.schema.column import Array

SHAPES: Mapping[str, str] = MappingProxyType(WORN | CARRIED | HOME | KITCHEN | LEISURE | PERSONAL)
WIDTH = 100.0
SMOOTH_STEPS, ROUND_STEPS = 8, 40
Path = tuple[Array, float]
"""Points float64 [P, 2], and the width of the stroke; 0 for an area."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """An area or a stroke in one paint.

    Attributes:
        paint: name of its colour.
        points: float64 [P, 2] on the sheet.
        width: of the stroke on the sheet; 0 for an area.
    """

    paint: str
    points: Array
    width: float


@cache
def outline(style: int) -> tuple[Part, ...]:
    """The parts of a style, the hindmost first, as large as the sheet and in its middle.

    Args:
        style: code.
    """
    lines = SHAPES[STYLE_NAMES[style]].strip().splitlines()
    parts = [part for line in lines for part in _parts(line.split())]
    points = np.concatenate([part.points for part in parts])
    low, high = points.min(axis=0), points.max(axis=0)
    scale = WIDTH / (high - low).max()
    start = (WIDTH - scale * (low + high)) / 2
    return tuple(Part(paint=part.paint, points=part.points * scale + start, width=part.width * scale) for part in parts)


def _parts(line: list[str]) -> Iterable[Part]:
    paint, kind, *rest = line
    paths = list(KINDS[kind.rstrip("=*")](_corners(rest), kind.endswith("=")))
    if kind.endswith("*"):
        paths += [(_mirrored(points), width) for points, width in paths]
    return [Part(paint=paint, points=points, width=width) for points, width in paths]


def _corners(words: list[str]) -> list[float]:
    """A corner is a point that comes twice: a smooth edge has no room to bend there."""
    numbers = list[float]()
    for word in words:
        numbers.append(float(word.rstrip("!")))
        if word.endswith("!"):
            numbers += numbers[-2:]
    return numbers


def _mirrored(points: Array) -> Array:
    return points * (-1.0, 1.0) + (WIDTH, 0.0)


def _joined(numbers: list[float], *, with_mirror: bool) -> Array:
    points = np.array(numbers).reshape(-1, 2)
    if not with_mirror:
        return points
    on_axis = points[:, 0] == WIDTH / 2
    back = _mirrored(points)[::-1]
    return np.concatenate([points, back[int(on_axis[-1]) : len(back) - int(on_axis[0])]])


def _smooth(points: Array, *, closed: bool) -> Array:
    """A curve through the points.

    Source:
        Catmull, Rom: A class of local interpolating splines, 1974.
    """
    around = np.concatenate([points[-1:], points, points[:2]] if closed else [points[:1], points, points[-1:]])
    spans = np.stack([around[at : len(around) - 3 + at] for at in range(4)])
    p0, p1, p2, p3 = spans[:, np.any(spans[1] != spans[2], axis=1), None]
    t = np.linspace(0, 1, SMOOTH_STEPS, endpoint=False)[None, :, None]
    bend = (2 * p0 - 5 * p1 + 4 * p2 - p3) * t + (3 * p1 - p0 - 3 * p2 + p3) * t * t
    curve = (2 * p1 + (p2 - p0) * t + bend * t) / 2
    return np.concatenate([curve.reshape(-1, 2), points[:1] if closed else points[-1:]])


def _ellipse(x: float, y: float, rx: float, ry: float, start: float = 0, end: float = 360) -> Array:
    turn = np.radians(np.linspace(start, end, ROUND_STEPS))
    return np.stack([x + rx * np.cos(turn), y + ry * np.sin(turn)], 1)


def _turned(x: float, y: float, rx: float, ry: float, degrees: float = 0) -> Array:
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return (_ellipse(0, 0, rx, ry) @ np.array([[c, s], [-s, c]])) + (x, y)


def _box(x0: float, y0: float, x1: float, y1: float, r: float = 0) -> Array:
    corners = ((x1 - r, y1 - r, 0), (x0 + r, y1 - r, 90), (x0 + r, y0 + r, 180), (x1 - r, y0 + r, 270))
    return np.concatenate([_ellipse(x, y, r, r, at, at + 90)[::6] for x, y, at in corners])


def _turns(number: float) -> Array:
    turn = np.arange(int(number)) * 2 * np.pi / number - np.pi / 2
    return np.stack([np.cos(turn), np.sin(turn)], 1)


def _beads(x: float, y: float, rx: float, ry: float, number: float, r: float) -> list[Path]:
    return [(_ellipse(x + across * rx, y + down * ry, r, r), 0.0) for across, down in _turns(number)]


def _ticks(x: float, y: float, r0: float, r1: float, number: float, width: float) -> list[Path]:
    return [(np.array([(x, y) + turn * r0, (x, y) + turn * r1]), width) for turn in _turns(number)]


def _comb(x0: float, x1: float, number: float, y0: float, y1: float, width: float) -> list[Path]:
    return [(np.array([(x, y0), (x, y1)]), width) for x in np.linspace(x0, x1, int(number))]


def _stroke(numbers: list[float], mirror: bool, *, smooth: bool) -> list[Path]:
    points = _joined(numbers[1:], with_mirror=mirror)
    return [(_smooth(points, closed=False) if smooth else points, numbers[0])]


def _area(numbers: list[float], mirror: bool, *, smooth: bool) -> list[Path]:
    points = _joined(numbers, with_mirror=mirror)
    return [(_smooth(points, closed=True) if smooth else points, 0.0)]


def _closed(points: Array) -> Array:
    return np.concatenate([points, points[:1]])


KINDS: Mapping[str, Callable[[list[float], bool], list[Path]]] = MappingProxyType(
    {
        "poly": partial(_area, smooth=False),
        "blob": partial(_area, smooth=True),
        "line": partial(_stroke, smooth=False),
        "wire": partial(_stroke, smooth=True),
        "ell": lambda n, _: [(_turned(*n), 0.0)],
        "box": lambda n, _: [(_box(*n), 0.0)],
        "dot": lambda n, _: [(_ellipse(n[0], n[1], n[2], n[2]), 0.0)],
        "ring": lambda n, _: [(_ellipse(*n[:4]), n[4])],
        "frame": lambda n, _: [(_closed(_box(*n[:4])[::7]), n[4])],
        "arc": lambda n, _: [(_ellipse(*n[:6]), n[6])],
        "beads": lambda n, _: _beads(*n),
        "ticks": lambda n, _: _ticks(*n),
        "comb": lambda n, _: _comb(*n),
    }
)
