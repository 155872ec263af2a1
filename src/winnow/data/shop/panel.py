"""A plot of lines over two axes, as SVG."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

import numpy as np

from winnow.schema.column import Array

STEPS = (1, 2, 2.5, 5, 10)
MOST_STEPS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """From where to where an axis goes, and what is written beside it.

    Attributes:
        label: what the axis tells, with its unit.
        low, high: its ends; low < high.
        ticks: values and their text.
        log: whether equal factors are equally far apart; then `low` is above 0.
    """

    label: str
    low: float
    high: float
    ticks: Sequence[tuple[float, str]]
    log: bool = False

    @classmethod
    def from_zero(cls, label: str, highest: float, *, percent: bool = False) -> "Axis":
        """An axis from 0 to the first round number that is not below `highest`."""
        rough = max(highest, 0.001 if percent else 1.0) / MOST_STEPS
        size = 10.0 ** np.floor(np.log10(rough))
        step = next(each * size for each in STEPS if each * size >= rough * (1 - 1e-9))
        values = [float(step * place) for place in range(int(np.ceil(highest / step - 1e-9)) + 1)]
        digits = len(f"{100 * step:.6g}".partition(".")[2])
        ticks = [(value, f"{100 * value:.{digits}f}%" if percent else f"{value:,.10g}") for value in values]
        return cls(label=label, low=0.0, high=max(values[-1], step), ticks=ticks)

    @classmethod
    def decades(cls, label: str, highest: float) -> "Axis":
        """A logarithmic axis from 1 to the first power of ten that is not below `highest`."""
        last = max(1, int(np.ceil(np.log10(max(highest, 1)))))
        ticks = [(10.0**power, f"{10**power:,}") for power in range(last + 1)]
        return cls(label=label, low=1.0, high=10.0**last, ticks=ticks, log=True)

    def share(self, values: Array) -> Array:
        """float64, 0 at the low end and 1 at the high one."""
        ends = np.array([self.low, self.high])
        scaled, (low, high) = (np.log10(values), np.log10(ends)) if self.log else (values, ends)
        return (scaled - low) / (high - low)


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """Where on the sheet a plot stands, in pixels from the left and the top, and its axes."""

    left: float
    top: float
    width: float
    height: float
    x: Axis
    y: Axis

    def place(self, x: Array, y: Array) -> tuple[Array, Array]:
        """float64 pixels."""
        return self.left + self.width * self.x.share(x), self.top + self.height * (1 - self.y.share(y))

    def frame(self) -> Iterator[str]:
        """Grid, ticks and labels."""
        bottom, right = self.top + self.height, self.left + self.width
        for value, name in self.y.ticks:
            y = float(self.place(np.array(self.x.low), np.array(value))[1])
            yield f'<path class="grid" d="M{self.left:.0f} {y:.1f}H{right:.0f}"/>'
            yield text(self.left - 8, y + 4, name, "small end")
        for value, name in self.x.ticks:
            x = float(self.place(np.array(value), np.array(self.y.low))[0])
            yield f'<path class="axis" d="M{x:.1f} {bottom:.0f}v4"/>' + text(x, bottom + 17, name, "small mid")
        yield f'<path class="axis" d="M{self.left:.0f} {bottom:.0f}H{right:.0f}"/>'
        yield text(self.left + self.width / 2, bottom + 34, self.x.label, "small mid")
        yield text(self.left, self.top - 10, self.y.label, "small")

    def line(self, x: Array, y: Array, css: str) -> str:
        """A line through the points in order, with a gap wherever `y` is NaN."""
        known = np.isfinite(y)
        strokes = np.split(np.arange(len(y))[known], np.flatnonzero(np.diff(np.flatnonzero(known)) > 1) + 1)
        path = "".join(f"M{self._points(x[each], y[each])}" for each in strokes if len(each))
        return f'<path class="line {css}" d="{path}"/>'

    def upright(self, x: float, name: str) -> str:
        """A dashed line from top to bottom, with its name beside it."""
        place = float(self.place(np.array(x), np.array(self.y.low))[0])
        near_end = place > self.left + 0.8 * self.width
        mark = f'<path class="mark" d="M{place:.1f} {self.top:.0f}v{self.height:.0f}"/>'
        return mark + text(place + (-6 if near_end else 6), self.top + 10, name, "small end" if near_end else "small")

    def _points(self, x: Array, y: Array) -> str:
        """A single point twice, so that its round end shows."""
        xs, ys = (np.repeat(each, 2) if len(x) == 1 else each for each in self.place(x, y))
        return " ".join(f"{a:.1f} {b:.1f}" for a, b in zip(xs, ys, strict=True))


def text(x: float, y: float, content: str, css: str = "") -> str:
    """A line of text whose base line begins at a place."""
    kind = f' class="{css}"' if css else ""
    return f'<text x="{x:.1f}" y="{y:.1f}"{kind}>{escape(content)}</text>'
