"""What the catalogue could be narrowed to, beside its items."""

from collections.abc import Mapping
from typing import Any

from nicegui import ui

from winnow.ui.field import bounds
from winnow.ui.frame import Frame
from winnow.ui.turn_link import turn_link
from winnow.ui.wanted import bounds_of, chosen, said, toggled, with_filter

AT_ONCE = 8
"""Values of one feature that are seen without unfolding it."""
ANOTHER = "Another choice"


def facets(frame: Frame, listed: Mapping[str, Any]) -> None:
    """Draws all: numbers by their bounds, categories by their values and counts.

    Args:
        frame: of the page; the visit in it holds what is wanted.
        listed: an answer of the catalogue.
    """
    for name, limits in listed["ranges"].items():
        _range(frame, name, (limits["min"], limits["max"]))
    for name, counts in listed["facets"].items():
        wanted = chosen(frame.visit, name)
        if not counts and not wanted:
            continue
        # What is wanted stays to be taken back, also where nothing has it under the other filters.
        counted = [*counts.items(), *((value, 0) for value in wanted if value not in counts)]
        counted.sort(key=lambda each: each[0] not in wanted)
        with ui.element("section").classes("facet"):
            ui.label(said(name)).classes("drawer-title")
            _values(frame, name, counted[: max(AT_ONCE, len(wanted))])
            if rest := counted[max(AT_ONCE, len(wanted)) :]:
                with ui.element("details"):
                    with ui.element("summary") as summary:
                        ui.label(f"{len(rest)} more")
                    summary.props["data-key"] = f"more {name}"
                    _values(frame, name, rest)


def _range(frame: Frame, name: str, limits: tuple[float, float]) -> None:
    async def turned(wanted: Mapping[str, float]) -> None:
        await frame.take(with_filter(frame.visit, name, wanted), ANOTHER)

    with ui.element("section").classes("facet"):
        ui.label(said(name)).classes("drawer-title")
        bounds(said(name), limits, bounds_of(frame.visit, name), turned)


def _values(frame: Frame, name: str, counted: list[tuple[str, int]]) -> None:
    with ui.element("ul").classes("facet-values"):
        for value, count in counted:
            with ui.element("li"):
                _value(frame, name, value, count)


def _value(frame: Frame, name: str, value: str, count: int) -> None:
    visit = toggled(frame.visit, name, value)
    link = turn_link(frame.at(visit), lambda: frame.take(visit, ANOTHER), f"facet {name} {value}")
    with link.classes("facet-value"):
        if value in chosen(frame.visit, name):
            link.props("aria-current=true")
        ui.label(value).classes("facet-name")
        ui.label(f"{count:,}").classes("facet-count")
