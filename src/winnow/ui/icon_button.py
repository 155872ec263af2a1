"""A round button without words to see."""

from nicegui import ui


def icon_button(icon: str, words: str) -> ui.element:
    """A button; listeners are the caller's.

    Args:
        icon: of the font Material Icons; drawn by the style sheet, for an element of its own costs time on every card.
        words: what it does, for who points at it or hears the page.
    """
    button = ui.element("button").classes("icon-button").props("type=button")
    button.props["data-icon"] = icon
    button.props["aria-label"] = button.props["title"] = words
    return button
