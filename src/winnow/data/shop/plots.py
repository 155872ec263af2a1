"""The plots of a data card."""

from collections.abc import Iterable, Iterator

import numpy as np

from winnow.data.shop.lexicon import CATEGORIES, DEVICES
from winnow.data.shop.panel import Axis, Panel, text
from winnow.data.shop.sheet import WIDTH, sheet
from winnow.schema.column import Array

LEFT, RIGHT = 78, 30
COLOURS = ("a", "b", "c")
MOST_POINTS = 100
MOST_SPANS = 48


def rates_by_hour(shown: Array, clicked: Array) -> str:
    """Click rate by hour of the day, one line for each device.

    Args:
        shown: int [devices, hours], impressions.
        clicked: likewise; of those, the clicked ones.
    """
    rate = np.where(shown > 0, clicked / np.maximum(shown, 1), np.nan)
    hours = shown.shape[1]
    ticks = [(hour, f"{hour:02d}:00") for hour in range(0, hours, 3)]
    panel = Panel(
        left=LEFT,
        top=86,
        width=WIDTH - LEFT - RIGHT,
        height=170,
        x=Axis(label="hour of the day, UTC", low=0, high=hours - 1, ticks=ticks),
        y=Axis.from_zero("clicks per impression", float(np.nanmax(rate, initial=0)), percent=True),
    )
    lines = (panel.line(np.arange(hours), each, css) for each, css in zip(rate, COLOURS, strict=True))
    body = [*panel.frame(), *lines, *_legend(zip(DEVICES, COLOURS, strict=True))]
    return sheet("Click rate by hour and device", 310, body)


def clicks_by_rank(clicks: Array) -> str:
    """Clicks of each item from the most clicked on, both axes logarithmic.

    Args:
        clicks: int [I].
    """
    ordered = np.sort(clicks[clicks > 0])[::-1]
    ranks = np.unique(np.geomspace(1, max(len(ordered), 1), MOST_POINTS).astype(np.int64))[: len(ordered)]
    panel = Panel(
        left=LEFT,
        top=66,
        width=WIDTH - LEFT - RIGHT,
        height=190,
        x=Axis.decades("rank of the item, from the most clicked on", len(clicks)),
        y=Axis.decades("clicks", float(ordered.max(initial=1))),
    )
    told = f"{len(ordered):,} of {len(clicks):,} items have a click"
    line = panel.line(ranks, ordered[ranks - 1].astype(float), "a")
    return sheet("Clicks by item", 310, [*panel.frame(), line, text(WIDTH - RIGHT, 56, told, "small end")])


def clicks_by_day(daily: Array, drift_day: int | None) -> str:
    """Clicks by day, and below it the share of each category; the category that moved most stands out.

    Args:
        daily: int [days, categories], clicks; at least two days.
        drift_day: from 0; marked.
    """
    moved = _moved_most(daily, len(daily) // 2 if drift_day is None else drift_day)
    x = _days(len(daily) - 1)
    days, daily = _spans(daily)
    total = daily.sum(axis=1)
    share = np.where(total[:, None] > 0, daily / np.maximum(total, 1e-9)[:, None], np.nan)
    place = {"left": LEFT, "width": WIDTH - LEFT - RIGHT, "x": x, "height": 110}
    above = Panel(**place, top=66, y=Axis.from_zero("clicks a day", float(total.max())))
    highest = float(np.nanmax(share, initial=0))
    below = Panel(**place, top=270, y=Axis.from_zero("share of the day's clicks", highest, percent=True))
    rest = [below.line(days, each, "rest") for place, each in enumerate(share.T) if place != moved]
    body = [*above.frame(), above.line(days, total, "a"), *below.frame(), *rest, below.line(days, share[:, moved], "b")]
    body += _legend([(f"{CATEGORIES[moved]}, which moved most", "b"), ("each other category", "rest")], 236)
    body += [] if drift_day is None else [each.upright(drift_day - 0.5, "drift") for each in (above, below)]
    return sheet("Clicks by day and category", 434, body)


def _spans(daily: Array) -> tuple[Array, Array]:
    """The days, and means over spans of days where there are too many for a small picture."""
    number = min(len(daily), MOST_SPANS)
    starts = np.linspace(0, len(daily), number, endpoint=False).astype(np.int64)
    length = np.diff(starts, append=len(daily))
    return starts + (length - 1) / 2, np.add.reduceat(daily, starts) / length[:, None]


def _moved_most(daily: Array, since: int) -> int:
    """The category whose share of the clicks before a day differs most from that of the clicks since."""
    before, after = (each.sum(axis=0) / max(each.sum(), 1) for each in (daily[:since], daily[since:]))
    return int(np.abs(after - before).argmax())


def _days(last: int) -> Axis:
    step = next(each for each in (1, 2, 7, 14, 28, 56) if last / each <= 14)
    return Axis(label="day", low=0, high=last, ticks=[(day, str(day)) for day in range(0, last + 1, step)])


def _legend(entries: Iterable[tuple[str, str]], top: float = 50) -> Iterator[str]:
    place = float(LEFT)
    for name, css in entries:
        yield f'<path class="line {css}" d="M{place:.0f} {top}h18"/>' + text(place + 24, top + 4, name)
        place += 24 + 7 * len(name) + 18
