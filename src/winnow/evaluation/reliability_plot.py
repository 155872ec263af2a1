"""Chances of a click beside what came of them, as an SVG picture: a panel for each slice of the impressions."""

from collections.abc import Iterator, Sequence

import numpy as np

from winnow.data.shop.panel import Axis, Panel, text
from winnow.data.shop.sheet import sheet
from winnow.evaluation.report import ReliabilityBin, Report
from winnow.evaluation.setting import OURS

COLUMNS, LEFT, TOP, SIZE = 3, 58.0, 84.0, 136.0
ACROSS, DOWN = 200.0, 214.0
"""From one panel to the next."""
LARGEST = 5.0
"""Radius of the point with the most impressions; areas are as impressions are."""
ROOM = 18
"""Letters of a slice's name."""
TOLD = "Upwards: share of clicks. On the diagonal, what was said came. Larger points: more impressions."
DOTS = "<style>.dot{fill:#0072b2;fill-opacity:.75}@media (prefers-color-scheme:dark){.dot{fill:#5cb6ee}}</style>"


def reliability_plot(report: Report) -> str | None:
    """The picture of winnow's chances; None where the report has none.

    A point stands for impressions that were given about the same chance. On the diagonal, what was said came; below it
    there were fewer clicks.
    """
    bins = [each for each in report.reliability if each.model == OURS]
    if not bins:
        return None
    names = list(dict.fromkeys(each.slice for each in bins))
    body = [DOTS, text(20, 48, TOLD, "small")]
    for number, name in enumerate(names):
        body += _panel(number, name, [each for each in bins if each.slice == name])
    lines = -(-len(names) // COLUMNS)
    return sheet("Chances of a click, and clicks", int(TOP + lines * DOWN - 16), body)


def _panel(number: int, name: str, bins: Sequence[ReliabilityBin]) -> Iterator[str]:
    line, column = divmod(number, COLUMNS)
    said, came = (np.array([getattr(each, of) for each in bins]) for of in ("mean_probability", "share_of_clicks"))
    highest = float(max(said.max(), came.max()))
    panel = Panel(
        left=LEFT + column * ACROSS,
        top=TOP + line * DOWN,
        width=SIZE,
        height=SIZE,
        x=Axis.from_zero("chance that was given", highest, percent=True),
        y=Axis.from_zero(_shortened(name, sum(each.impressions for each in bins)), highest, percent=True),
    )
    yield from panel.frame()
    yield f'<path class="mark" d="M{panel.left:.0f} {panel.top + SIZE:.0f}l{SIZE:.0f} {-SIZE:.0f}"/>'
    rows = np.array([each.impressions for each in bins])
    radii = LARGEST * np.sqrt(rows / rows.max())
    for x, y, radius in zip(*panel.place(said, came), radii, strict=True):
        yield f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="{max(radius, 1):.1f}"/>'


def _shortened(name: str, impressions: int) -> str:
    return f"{name if len(name) <= ROOM else name[: ROOM - 1] + '…'}, {impressions:,}"
