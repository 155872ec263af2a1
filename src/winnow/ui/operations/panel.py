"""A picture in a frame."""

from nicegui import ui

from winnow.ui.operations.chart import Options, chart


def panel(heading: str, note: str, options: Options, height_px: int = 240) -> ui.echart:
    """With its name, and one line that says how to read it."""
    with ui.element("div").classes("panel"):
        with ui.element("h3").classes("panel-title"):
            ui.label(heading)
        ui.label(note).classes("muted")
        return chart(options, f"{heading}. {note}", height_px)
