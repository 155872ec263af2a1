"""How the service does now; drawn once, then only its figures change."""

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from nicegui import ui

from winnow.ui.fault import Fault
from winnow.ui.notice import fault_notice, notice
from winnow.ui.operations.chart import Bar, Options, bars, bars_px, lines
from winnow.ui.operations.panel import panel
from winnow.ui.operations.scrape import Scrape
from winnow.ui.operations.span import Span
from winnow.ui.operations.words import NONE, ago, number, percent, plain
from winnow.ui.shelf import title

REQUESTS, ROUTE = "winnow_request_seconds", "/v1/recommendations"
STAGES, ANSWERED = "winnow_stage_seconds", "winnow_answered_items_total"
SHOWN, CLICKS, DEGRADED = "winnow_shown_total", "winnow_clicks_total", "winnow_degraded_total"
MOST_STAGES = 9
ALL = Scrape()
QUIET = (
    "Nobody has asked for anything yet",
    "The service began, and waits for visitors.",
    "Open the shop.",
)
TILES = ("Requests a second", "Half within", "99 of 100 within", "Degraded", "Failed", "Demand told", "Items changed")


@dataclass(slots=True)
class LivePanel:
    """Tiles and pictures of one open page."""

    _tiles: dict[str, ui.label] = field(default_factory=dict, init=False)
    _charts: dict[str, ui.echart] = field(default_factory=dict, init=False)
    _box: ui.element = field(init=False)
    _live: ui.element = field(init=False)
    _state: str = field(default="", init=False)

    def draw(self) -> None:
        """Draws it into whatever is open, without figures."""
        with ui.element("section").classes("ops-part"):
            title("How it does now")
            self._box = ui.element("div").props("role=status")
            with ui.element("div").classes("ops-live") as self._live:
                with ui.element("dl").classes("tiles"):
                    for name in TILES:
                        self._tiles[name] = _tile(name)
                with ui.element("div").classes("ops-charts is-two"):
                    self._charts["traffic"] = panel("Traffic", "Requests a second, of the last minutes.", lines({}, ""))
                    note = "Of recommendations, in milliseconds, as closely as the histogram tells."
                    self._charts["latency"] = panel("Latency", note, lines({}, "ms"))
                with ui.element("div").classes("ops-charts is-three"):
                    note = "Mean of each stage of a recommendation, the slowest first, and its 99th of 100."
                    self._charts["stages"] = panel("Where the time goes", note, bars(()), bars_px(MOST_STAGES))
                    note = "Share of the answered items that each source proposed."
                    self._charts["mix"] = panel("Where items come from", note, bars(()), bars_px(MOST_STAGES))
                    note = "Clicks for 100 items shown, by the source that proposed them."
                    self._charts["ctr"] = panel("What is clicked", note, bars(()), bars_px(MOST_STAGES))

    def show(self, looked: Sequence[Scrape] | Fault) -> None:
        """Shows the figures of now; while the service does not answer, the last ones, faded, and why."""
        if isinstance(looked, Fault):
            self._say("down", lambda: fault_notice(looked))
            return
        span, ever = Span(before=looked[0], after=looked[-1]), Span(before=ALL, after=looked[-1])
        is_quiet = not ever.increase(f"{REQUESTS}_count", route=ROUTE)
        self._say("quiet" if is_quiet else "", lambda: notice(*QUIET, icon="bedtime"))
        # Distributions of the last minutes, unless nobody came in them.
        recent = span if span.seconds and span.increase(f"{REQUESTS}_count", route=ROUTE) else ever
        for name, told in _told(span, recent, time.time()).items():
            self._tiles[name].text = told
        self._draw("traffic", lines({"all routes": _rates(looked)}, ""))
        self._draw(
            "latency", lines({"half within": _latency(looked, 0.5), "99 of 100 within": _latency(looked, 0.99)}, "ms")
        )
        self._draw("stages", bars(_stages(recent)))
        self._draw("mix", bars(_mix(recent)))
        self._draw("ctr", bars(_clicked(ever)))

    def _say(self, state: str, words: Callable[[], object]) -> None:
        if state == self._state:
            return
        self._state = state
        self._live.classes("is-stale") if state == "down" else self._live.classes(remove="is-stale")
        self._box.clear()
        if state:
            with self._box:
                words()

    def _draw(self, name: str, options: Options) -> None:
        self._charts[name].props["options"] = options
        self._charts[name].update()


def _tile(name: str) -> ui.label:
    with ui.element("div").classes("tile"):
        with ui.element("dt"):
            ui.label(name)
        with ui.element("dd"):
            return ui.label(NONE)


def _told(span: Span, recent: Span, now: float) -> dict[str, str]:
    after = span.after
    degraded = recent.by(DEGRADED, "stage")
    failed = sum(count for status, count in recent.by(f"{REQUESTS}_count", "status").items() if status.startswith("5"))
    skipped = [plain(stage) for stage, count in degraded.items() if count]
    return {
        "Requests a second": number(span.rate(f"{REQUESTS}_count")),
        "Half within": number(1e3 * recent.quantile(0.5, REQUESTS, route=ROUTE), "ms"),
        "99 of 100 within": number(1e3 * recent.quantile(0.99, REQUESTS, route=ROUTE), "ms"),
        "Degraded": f"{sum(degraded.values()):,.0f}" + (f" ({', '.join(skipped)})" if skipped else ""),
        "Failed": f"{failed:,.0f}",
        "Demand told": _since(after.value("winnow_demand_timestamp_seconds"), now),
        "Items changed": _since(after.value("winnow_items_timestamp_seconds"), now),
    }


def _since(at: float, now: float) -> str:
    return ago(at, now) if at else "as trained"


def _instant(scrape: Scrape) -> float:
    return 1e3 * (time.time() - time.monotonic() + scrape.at)


def _rates(scrapes: Sequence[Scrape]) -> list[tuple[float, float | None]]:
    spans = [Span(before=before, after=after) for before, after in pairwise(scrapes)]
    return [(_instant(each.after), round(each.rate(f"{REQUESTS}_count"), 2)) for each in spans]


def _latency(scrapes: Sequence[Scrape], share: float) -> list[tuple[float, float | None]]:
    spans = [Span(before=before, after=after) for before, after in pairwise(scrapes)]
    found = [(_instant(each.after), each.quantile(share, REQUESTS, route=ROUTE)) for each in spans]
    return [(at, None if math.isnan(value) else round(1e3 * value, 2)) for at, value in found]


def _stages(span: Span) -> list[Bar]:
    runs, seconds = span.by(f"{STAGES}_count", "stage"), span.by(f"{STAGES}_sum", "stage")
    means = sorted(((seconds[stage] / count, stage) for stage, count in runs.items() if count), reverse=True)
    return [
        Bar(name=plain(stage), value=mean, told=f"{_ms(mean)}, {_ms(span.quantile(0.99, STAGES, stage=stage))} ms")
        for mean, stage in means[:MOST_STAGES]
    ]


def _ms(seconds: float) -> str:
    return number(1e3 * seconds)


def _mix(span: Span) -> list[Bar]:
    items = span.by(ANSWERED, "source")
    whole = sum(items.values())
    shares = sorted(((count / whole, source) for source, count in items.items() if count), reverse=True)
    return [Bar(name=plain(source), value=share, told=percent(share)) for share, source in shares[:MOST_STAGES]]


def _clicked(span: Span) -> list[Bar]:
    shown, clicks = span.by(SHOWN, "source"), span.by(CLICKS, "source")
    rates = sorted(
        ((clicks.get(source, 0.0) / count, source) for source, count in shown.items() if count), reverse=True
    )
    return [
        Bar(name=plain(source), value=rate, told=f"{percent(rate)} of {shown[source]:,.0f}")
        for rate, source in rates[:MOST_STAGES]
    ]
