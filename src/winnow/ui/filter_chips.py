"""What is wanted only, above a list, each with a way to take it back."""

from dataclasses import replace

from nicegui import ui

from winnow.ui.frame import Frame
from winnow.ui.turn_link import turn_link
from winnow.ui.visit import Visit
from winnow.ui.wanted import parts

TAKEN_BACK = "A filter less"


def filter_chips(frame: Frame) -> None:
    """A row of chips; nothing where nothing is filtered."""
    if not (filters := parts(frame.visit)):
        return
    with ui.element("nav").classes("chips").props('aria-label="Filters"'):
        for words, without in filters:
            _chip(frame, without, words, f"Take away: {words}")
        if len(filters) > 1:
            _chip(frame, replace(frame.visit, filters={}), "Clear all", "Take all filters away")


def _chip(frame: Frame, without: Visit, words: str, told: str) -> None:
    link = turn_link(frame.at(without), lambda: frame.take(without, TAKEN_BACK), f"chip {words}")
    link.classes("chip").props["aria-label"] = told
    with link:
        ui.label(words)
