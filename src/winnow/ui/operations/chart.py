"""Pictures by ECharts, whose colours are those of the style sheet, so that light and dark need no second drawing."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nicegui import ui

Options = dict[str, Any]
INK, MUTED, LINE, ACCENT, WHEAT = "var(--ink)", "var(--muted)", "var(--line)", "var(--accent)", "var(--wheat)"
QUIET = "color-mix(in srgb, var(--muted) 45%, var(--surface))"
FONT = {"fontFamily": "Roboto, system-ui, sans-serif", "fontSize": 12, "color": MUTED}
BAR_PX, AROUND_PX = 30, 34
STEP_PERCENT = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One bar of a picture.

    Attributes:
        name: what it stands for.
        value: how long it is.
        told: the value, in words.
        is_ours: whether it stands out.
    """

    name: str
    value: float
    told: str
    is_ours: bool = True


def chart(options: Options, words: str, height_px: int = 240) -> ui.echart:
    """A picture that a screen reader calls by `words`."""
    element = ui.echart(options, renderer="svg").classes("chart").style(f"height: {height_px}px")
    element.props["role"], element.props["aria-label"] = "img", words
    return element


def bars_px(number: int) -> int:
    """How high a picture of so many bars is."""
    return BAR_PX * max(number, 1) + AROUND_PX


def bars(of: Sequence[Bar], told_px: int = 92) -> Options:
    """Bars that lie, the first on top, with `told_px` of room for what is told at their ends."""
    data = [
        {
            "value": each.value,
            "itemStyle": {"color": ACCENT if each.is_ours else QUIET},
            "label": {"formatter": each.told.replace("{", "").replace("}", "")},
        }
        for each in of
    ]
    series = {
        "type": "bar",
        "data": data,
        "barMaxWidth": 15,
        "itemStyle": {"borderRadius": [0, 4, 4, 0]},
        "label": {"show": True, "position": "right", **FONT},
        "emphasis": {"disabled": True},
    }
    names = {"type": "category", "data": [each.name for each in of], "inverse": True}
    return _around() | {
        "grid": {"left": 4, "right": told_px, "top": 6, "bottom": 6, "containLabel": True},
        "xAxis": {"type": "value", "show": False, "min": 0},
        "yAxis": names
        | {"axisLine": {"show": False}, "axisTick": {"show": False}, "axisLabel": {**FONT, "color": INK}},
        "series": [series],
    }


def groups(names: Sequence[str], series: Mapping[str, Sequence[float | None]]) -> Options:
    """Standing bars side by side: for each name one of each series; values are shares."""
    colours = (ACCENT, WHEAT, QUIET)
    drawn = [
        {
            "type": "bar",
            "name": name,
            "data": list(values),
            "barMaxWidth": 26,
            "itemStyle": {"color": colours[number % len(colours)], "borderRadius": [4, 4, 0, 0]},
            "emphasis": {"disabled": True},
        }
        for number, (name, values) in enumerate(series.items())
    ]
    return _around() | {
        "grid": {"left": 4, "right": 8, "top": 34, "bottom": 4, "containLabel": True},
        "legend": _legend(),
        "tooltip": _tooltip("axis"),
        "xAxis": {"type": "category", "data": list(names), "axisTick": {"show": False}, **_axis()},
        "yAxis": {"type": "value", **_axis()},
        "series": drawn,
    }


def against_diagonal(points: Sequence[tuple[float, float]]) -> Options:
    """What was said against what came, in percent; the diagonal is where both are the same."""
    data = [[round(100 * said, 2), round(100 * came, 2)] for said, came in points]
    most = STEP_PERCENT * math.ceil(max((max(point) for point in data), default=1.0) / STEP_PERCENT)
    ends = {"type": "value", "min": 0, "max": most, **_axis(), "axisLabel": {**FONT, "formatter": "{value} %"}}
    diagonal = {
        "type": "line",
        "data": [[0, 0], [most, most]],
        "showSymbol": False,
        "silent": True,
        "lineStyle": {"color": QUIET, "type": "dashed", "width": 1.5},
    }
    line = {
        "type": "line",
        "data": data,
        "symbol": "circle",
        "symbolSize": 7,
        "itemStyle": {"color": ACCENT},
        "lineStyle": {"color": ACCENT, "width": 2},
        "emphasis": {"disabled": True},
    }
    return _around() | {
        "grid": {"left": 4, "right": 16, "top": 12, "bottom": 4, "containLabel": True},
        "tooltip": _tooltip("item") | {"formatter": "said and came: {c} %"},
        "xAxis": ends,
        "yAxis": ends,
        "series": [diagonal, line],
    }


def lines(series: Mapping[str, Sequence[tuple[float, float | None]]], unit: str) -> Options:
    """Lines over time: instants in UTC milliseconds, values in `unit`."""
    colours = (ACCENT, WHEAT, QUIET)
    drawn = [
        {
            "type": "line",
            "name": name,
            "data": [list(point) for point in points],
            "showSymbol": False,
            "smooth": 0.25,
            "lineStyle": {"color": colours[number], "width": 2},
            "itemStyle": {"color": colours[number]},
            "areaStyle": {"color": colours[number], "opacity": 0.09},
            "emphasis": {"disabled": True},
        }
        for number, (name, points) in enumerate(series.items())
    ]
    return _around() | {
        "grid": {"left": 4, "right": 12, "top": 34, "bottom": 4, "containLabel": True},
        "legend": _legend(),
        "tooltip": _tooltip("axis"),
        "xAxis": {
            "type": "time",
            **_axis(),
            "splitLine": {"show": False},
            "splitNumber": 4,
            "axisLabel": {**FONT, "hideOverlap": True, "formatter": "{HH}:{mm}:{ss}"},
        },
        "yAxis": {
            "type": "value",
            "min": 0,
            **_axis(),
            "axisLabel": {**FONT, "formatter": f"{{value}} {unit}".strip()},
        },
        "series": drawn,
    }


def _around() -> Options:
    return {
        "animationDuration": 250,
        "animationDurationUpdate": 250,
        "textStyle": FONT,
        "backgroundColor": "transparent",
    }


def _axis() -> Options:
    return {
        "axisLine": {"lineStyle": {"color": LINE}},
        "axisLabel": FONT,
        "splitLine": {"lineStyle": {"color": LINE, "opacity": 0.7}},
    }


def _legend() -> Options:
    return {"top": 0, "left": 0, "itemWidth": 10, "itemHeight": 10, "icon": "circle", "textStyle": FONT}


def _tooltip(trigger: str) -> Options:
    return {
        "trigger": trigger,
        "backgroundColor": "var(--surface)",
        "borderColor": LINE,
        "textStyle": {**FONT, "color": INK},
        "axisPointer": {"lineStyle": {"color": LINE}, "type": "line"},
    }
