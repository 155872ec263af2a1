"""The funnel as a drawing: what stays flows to the right, what is taken out falls down like chaff."""

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap

from markupsafe import Markup

from winnow.ui.glass.funnel import Funnel, FunnelStep, Part
from winnow.ui.glass.ribbon import falling, ribbon
from winnow.ui.glass.stage_words import as_ms, source_hue
from winnow.ui.glass.tile import tile
from winnow.ui.shown_item import ShownItem

WIDTH, TALL = 1260, 220
"""Of the drawing, and of the stream where it is thickest, in its own units."""
SOURCE_X, MERGE_X, SELECT_X, TILES_X = 196, 330, 1010, 1120
TOP, FLOOR = 112, 430
SLOT, BAR, TILE, ACROSS = 37, 7, 40, 3
MOST_TILES = 12
WIDEST_CHAFF = 76
STREAMED = (Part.MERGE, Part.FILTER, Part.SELECT)


@dataclass(frozen=True, slots=True)
class FunnelPicture:
    """Draws one answer.

    Attributes:
        funnel: its numbers.
        items: best first.
    """

    funnel: Funnel
    items: Sequence[ShownItem]

    def drawn(self) -> Markup:
        """An SVG element; what it shows is also said in its label, and in a table elsewhere."""
        sources, height = self._sources()
        drawing = Markup(
            '<svg class="funnel" viewBox="0 0 {} {}" role="img" aria-label="{}">'
            '<defs><linearGradient id="chaff" x1="0" y1="0" x2="0" y2="1"><stop offset="0" class="chaff-near"/>'
            '<stop offset="1" class="chaff-far"/></linearGradient></defs>{}{}{}</svg>'
        )
        return drawing.format(WIDTH, height, self.funnel.sentence, sources, self._stream(), self._tiles())

    @property
    def _scale(self) -> float:
        most = max(self.funnel.proposed, self.funnel.merged, self.funnel.ranked, 1)
        return TALL / most

    def _thick(self, rows: int) -> float:
        return max(rows * self._scale, 2.0) if rows else 0.0

    def _sources(self) -> tuple[Markup, int]:
        drawn, y, into = [Markup("")], 14.0, float(TOP)
        for step in self.funnel.all_of(Part.SOURCE):
            thick, slot = self._thick(step.rows_out), max(self._thick(step.rows_out), SLOT)
            share = step.rows_out * self._scale
            drawn.append(_source(step, y + (slot - thick) / 2, thick, (into, share)))
            y, into = y + slot + 5, into + share
        return Markup("").join(drawn), max(int(y) + 10, FLOOR + 66)

    def _stream(self) -> Markup:
        steps, drawn = self._columns(), []
        gap = (SELECT_X - MERGE_X) / max(len(steps) - 1, 1)
        for place, step in enumerate(steps):
            x = MERGE_X + place * gap
            stays, falls = self._thick(step.rows_out), self._thick(step.removed)
            if place + 1 < len(steps):
                drawn.append(
                    Markup('<rect class="stream" x="{}" y="{}" width="{}" height="{:.1f}"/>').format(x, TOP, gap, stays)
                )
            drawn += [_chaff(step, x + BAR, TOP + stays, falls) if step.removed else Markup("")]
            drawn.append(_bar("bar", x, TOP, stays))
            drawn.append(_header(step, x, self._told_ms(step)))
        thin = Markup('<rect class="stream is-last" x="{}" y="{}" width="{}" height="{:.1f}"/>')
        drawn.append(thin.format(SELECT_X + BAR, TOP, TILES_X - SELECT_X - BAR - 8, self._thick(self.funnel.answered)))
        return Markup("").join(drawn)

    def _columns(self) -> list[FunnelStep]:
        """The merge, every filter, the fill if it did something, the ranking as one, and the selection."""
        shown = [each for each in self.funnel.steps if each.part in STREAMED or (each.part is Part.FILL and each.added)]
        return [*shown[:-1], *self.funnel.ranking, *shown[-1:]]

    def _told_ms(self, step: FunnelStep) -> str:
        parts = {Part.RANK: (Part.RANK,), Part.MERGE: (Part.SOURCE, Part.MERGE)}
        return as_ms(self.funnel.ms_of(*parts[step.part]) if step.part in parts else step.ms)

    def _tiles(self) -> Markup:
        drawn = [tile(item, *_tile_at(place), TILE) for place, item in enumerate(self.items[:MOST_TILES])]
        if (more := len(self.items) - MOST_TILES) > 0:
            x, y = _tile_at(MOST_TILES)
            drawn.append(Markup('<text class="note" x="{}" y="{}">and {} more</text>').format(x, y + 16, more))
        return Markup("").join(drawn)


def _source(step: FunnelStep, y: float, thick: float, into: tuple[float, float]) -> Markup:
    x, middle, fault = SOURCE_X - 12, y + thick / 2, step.fault
    band = ribbon((SOURCE_X + BAR, y, thick), (MERGE_X, *into))
    told = f"{step.rows_out:,} · {as_ms(step.ms)}" if fault is None else f"skipped: {fault}"[:30]
    return Markup(
        '<g class="source{}" style="--hue: {}"><title>{}: {} {}</title><path class="ribbon" d="{}"/>{}'
        '<text class="words" x="{}" y="{:.1f}">{}</text><text class="note" x="{}" y="{:.1f}">{}</text></g>'
    ).format(
        "" if fault is None else " is-fault", source_hue(step.name), step.name, step.rows_out, fault or "", band,
        _bar("source-bar", SOURCE_X, y, thick), x, middle - 2, step.words, x, middle + 14, told,
    )  # fmt: skip


def _chaff(step: FunnelStep, x: float, y: float, thick: float) -> Markup:
    near = x + 12
    band = falling((x, y, thick), near, near + min(max(thick, 4.0), WIDEST_CHAFF), FLOOR - 12)
    words = Markup("").join(
        Markup('<text class="note" x="{}" y="{}">{}</text>').format(near, FLOOR + 24 + 15 * line, text)
        for line, text in enumerate(wrap(step.why_removed, 16)[:3])
    )
    return Markup(
        '<g class="falls"><title>{}: {} taken out, {}</title><path class="chaff" d="{}"/>'
        '<text class="lost" x="{}" y="{}">&minus;{:,}</text>{}</g>'
    ).format(step.name, step.removed, step.why_removed, band, near, FLOOR + 8, step.removed, words)


def _header(step: FunnelStep, x: float, ms: str) -> Markup:
    fault = "" if step.fault is None else "skipped"
    gained = f" +{step.added:,}" if step.part is Part.FILL else ""
    return Markup(
        '<g class="head{}"><title>{}: {} {}</title><text class="words" x="{}" y="{}">{}</text>'
        '<text class="count" x="{}" y="{}">{:,}{}</text><text class="note" x="{}" y="{}">{}</text></g>'
    ).format(
        " is-fault" if fault else "", step.name, ms, step.fault or "", x, TOP - 62, step.words,
        x, TOP - 36, step.rows_out, gained, x, TOP - 16, fault or ms,
    )  # fmt: skip


def _bar(kind: str, x: float, y: float, height: float) -> Markup:
    bar = Markup('<rect class="{}" x="{}" y="{:.1f}" width="{}" height="{:.1f}" rx="2"/>')
    return bar.format(kind, x, y, BAR, height)


def _tile_at(place: int) -> tuple[int, int]:
    return TILES_X + (place % ACROSS) * (TILE + 6), TOP - 12 + (place // ACROSS) * (TILE + 6)
