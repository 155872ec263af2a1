"""Pages of a list: which there are, and where one is."""

from collections.abc import Awaitable, Callable

from nicegui import ui

from winnow.ui.turn_link import turn_link

NEAR = 1
"""Pages named on each side of where one is, besides the first and the last."""


def pager(page: int, pages: int, address: Callable[[int], str], turned: Callable[[int], Awaitable[None]]) -> None:
    """A row of links; nothing where there is one page only.

    Args:
        page: where one is, from 1.
        pages: that there are.
        address: of a page.
        turned: called with the page to go to.
    """
    if pages <= 1:
        return

    def link(words: str, to: int, label: str) -> None:
        with turn_link(address(to), lambda: turned(to), label).classes("page-link") as box:
            box.props["aria-label"] = label
            if to == page:
                box.props("aria-current=page")
            ui.label(words)

    with ui.element("nav").classes("pager").props('aria-label="Pages of the list"'):
        if page > 1:
            link("Back", page - 1, "The page before")
        before = 0
        for to in named(page, pages):
            if to > before + 1:
                ui.label("…").classes("muted")
            link(f"{to}", to, f"Page {to}")
            before = to
        if page < pages:
            link("Next", page + 1, "The next page")


def named(page: int, pages: int) -> list[int]:
    """The pages that have a link, in their order."""
    near = range(max(1, page - NEAR), min(pages, page + NEAR) + 1)
    return sorted({1, *near, pages})
