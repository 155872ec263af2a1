"""A link that changes the page in place."""

from collections.abc import Awaitable, Callable

from nicegui import ui

PLAIN_CLICK = "(e) => { if (e.ctrlKey || e.metaKey || e.shiftKey) return; e.preventDefault(); emit(); }"
"""A click that asks for a new tab stays the browser's own."""


def turn_link(address: str, turned: Callable[[], Awaitable[None]], key: str = "") -> ui.element:
    """A link; what it shows is put into it.

    Args:
        address: of what it leads to, for a tab of its own.
        turned: called instead, in this one.
        key: names it on the page, so that the focus stays on it when it is drawn again.
    """
    link = ui.element("a")
    link.props["href"] = address
    if key:
        link.props["data-key"] = key
    return link.on("click", turned, js_handler=PLAIN_CLICK)
